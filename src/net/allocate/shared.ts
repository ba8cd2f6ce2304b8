import type { Cidr } from "../address/cidr.ts";
import type { AllocatedNetwork, NetworkDefinition } from "../contract.ts";
import { allocateNetworks } from "./networks.ts";

/** What the allocation of a shared network is decided from. */
export type SharedRequest = {
  readonly name: string;
  readonly definition: NetworkDefinition;
  /** The other shared networks. */
  readonly existing: readonly Omit<AllocatedNetwork, "bridge">[];
  /** See hostRoutes. */
  readonly routes: readonly Cidr[];
};

/**
 * Subnet and gateway of a network for several projects: apart from the other shared ones, and from the far end of the
 * pools, so that the networks that projects already have of their own do not lie in the way.
 */
export function allocateShared(request: SharedRequest): Omit<AllocatedNetwork, "bridge"> {
  const { name, definition, routes } = request;
  const existing = request.existing.map((network) => ({ ...network, bridge: "" }));
  const allocated = allocateNetworks({
    project: name,
    networks: { [name]: { ...definition, name } },
    existing,
    routes,
    fromEnd: true,
  });
  const { bridge: _bridge, ...network } = allocated[0]!;
  return { ...network, shared: true };
}
