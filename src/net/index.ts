export { AddressPool, type WantedAddresses } from "./address/address-pool.ts";
export { type Cidr, parseCidr } from "./address/cidr.ts";
export { bridged, sidesOf } from "./address/sides.ts";
export { bridgeName } from "./allocate/bridge-name.ts";
export { hostRoutes } from "./allocate/host-routes.ts";
export { allocateNetworks, type NetworkRequest, requireApart } from "./allocate/networks.ts";
export { allocateShared } from "./allocate/shared.ts";
export type * from "./contract.ts";
export { containerNames } from "./dns/container-names.ts";
export { HostResolvers } from "./dns/host-resolvers.ts";
export { hostsFile, withExtraHosts } from "./dns/hosts-file.ts";
export { LayeredZones } from "./dns/layered-zones.ts";
export { NameServer } from "./dns/name-server.ts";
export { parseResolvConf, type ResolvConfRequest, resolvConf } from "./dns/resolv-conf.ts";
export { Resolver } from "./dns/resolver.ts";
export { type ZoneSettings, Zones } from "./dns/zones.ts";
export {
  addedEndpoint,
  applyInside,
  containerEndpoints,
  defaultRouteOf,
  loopbackOps,
  removedEndpointOps,
} from "./endpoint/container-endpoints.ts";
export { interfaceSysctls } from "./endpoint/interface-sysctls.ts";
export { HelperFailure } from "./helper/helper-failure.ts";
export { runKeeper } from "./helper/run-helper.ts";
export {
  adoptNamespacePlan,
  type KeeperRequest,
  newNamespacePlan,
  vethUplink,
} from "./island/keeper-plan.ts";
export { leaveUplink } from "./island/leave-uplink.ts";
export { applyNetworkSet, rehearseNetworkSet } from "./island/network-set.ts";
export { onFreeUplink, type UplinkUser } from "./island/on-free-uplink.ts";
export { uplinkLeases } from "./island/uplink-lease.ts";
export { KeeperClient } from "./keeper/keeper-client.ts";
export { expandPorts, type PortDefinition } from "./ports/expand-ports.ts";
export { findPortHolder, type PortQuestion } from "./ports/port-holder.ts";
export { type PublishTarget, publishPorts, unpublishPorts } from "./ports/publish-ports.ts";
export { joinMembers, leaveMembers, type NetworkMember } from "./shared/member-links.ts";
export { ensureHostUplink, releaseHostUplink } from "./uplink/host-uplink.ts";
export { type UplinkPrograms, userUplink } from "./uplink/user-uplink.ts";
