export { AddressPool, type WantedAddresses } from "./address/address-pool.ts";
export { hostRoutes } from "./allocate/host-routes.ts";
export { allocateNetworks, type NetworkRequest } from "./allocate/networks.ts";
export type * from "./contract.ts";
export { bridgeOps, bridgeRemovalOps } from "./endpoint/bridge-ops.ts";
export { containerEndpoints, defaultRouteOf, loopbackOps } from "./endpoint/container-endpoints.ts";
export { adoptNamespacePlan, type KeeperRequest, newNamespacePlan } from "./island/keeper-plan.ts";
export { type UplinkLease, uplinkLease, uplinkLeases } from "./island/uplink-lease.ts";
