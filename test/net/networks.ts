import type { AllocatedNetwork } from "../../src/net/index.ts";

/** An allocated network for tests; what a test is about is given. */
export function network(key: string, subnet: string, more: Partial<AllocatedNetwork> = {}): AllocatedNetwork {
  return {
    key,
    name: `shop_${key}`,
    bridge: `br-${key}`,
    subnet,
    gateway: subnet.replace(/\.0\/\d+$/, ".1"),
    internal: false,
    mtu: 0,
    ...more,
  };
}
