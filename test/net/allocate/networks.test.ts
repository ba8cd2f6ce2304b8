import { describe, expect, it } from "vitest";
import { parseCidr } from "../../../src/net/address/cidr.ts";
import { bridgeName } from "../../../src/net/allocate/bridge-name.ts";
import { allocateNetworks, hostRoutes, type NetworkRequest } from "../../../src/net/index.ts";
import { network } from "../networks.ts";

const allocate = (networks: NetworkRequest["networks"], more: Partial<NetworkRequest> = {}) =>
  allocateNetworks({ project: "shop", networks, routes: [], ...more });
const configured = (...subnets: string[]) => ({
  name: "n",
  ipam: { config: subnets.map((subnet) => ({ subnet })) },
});

describe("allocateNetworks", () => {
  it("gives a network that names no subnet Docker's first one, with its first address as gateway", () => {
    expect(allocate({ default: { name: "shop_default" } })).toEqual([
      network("default", "172.17.0.0/16", { gateway: "172.17.0.1" }),
    ]);
  });

  it("keeps networks of one project apart, those that name a subnet first", () => {
    const [free, fixed] = allocate({ free: { name: "f" }, fixed: configured("172.17.4.0/24") });
    expect([free?.subnet, fixed?.subnet]).toEqual(["172.18.0.0/16", "172.17.4.0/24"]);
  });

  it("avoids what the host routes elsewhere, and what the project already has", () => {
    const routes = [parseCidr("172.17.9.0/24")!];
    const existing = [network("old", "172.18.0.0/16")];
    expect(allocate({ a: { name: "a" } }, { routes, existing })[0]?.subnet).toBe("172.19.0.0/16");
  });

  it("still finds a subnet when the host's routes cover every pool", () => {
    const routes = ["172.16.0.0/12", "192.168.0.0/16", "10.0.0.0/8"].map((text) => parseCidr(text)!);
    expect(allocate({ a: { name: "a" } }, { routes })[0]?.subnet).toBe("172.17.0.0/16");
  });

  it("honours gateway, ip_range and aux_addresses", () => {
    const config = {
      subnet: "10.5.0.0/16",
      gateway: "10.5.0.254",
      ip_range: "10.5.9.0/24",
      aux_addresses: { router: "10.5.0.7" },
    };
    expect(allocate({ a: { name: "a", ipam: { config: [config] } } })[0]).toMatchObject({
      gateway: "10.5.0.254",
      ipRange: "10.5.9.0/24",
      reserved: ["10.5.0.7"],
    });
  });

  it("has IPv6 alone where IPv4 is off, and takes it from a subnet that is given", () => {
    const ipam = { config: [{ subnet: "fd00:9::/64" }] };
    const [alone, beside] = allocate({
      a: { name: "a", enable_ipv4: false, ipam },
      b: { name: "b", ipam: { config: [{ subnet: "fd00:8::/64" }] } },
    });
    expect(alone).toMatchObject({ subnet: "fd00:9::/64", gateway: "fd00:9::1" });
    expect(alone).not.toHaveProperty("ipv6");
    expect(beside).toMatchObject({ subnet: "172.17.0.0/16", ipv6: { subnet: "fd00:8::/64" } });
    expect(() => allocate({ a: { name: "a", enable_ipv4: false } })).toThrow("neither IPv4 nor IPv6");
  });

  it("calls the bridge as Docker's option says, where that can be a name", () => {
    const named = (name: string) => ({ name, driver_opts: { "com.docker.network.bridge.name": "backbone" } });
    const bridges = allocate({ a: named("a"), b: named("b") }).map(({ bridge }) => bridge);
    expect(bridges).toEqual(["backbone", "br-b"]);
  });

  it("gives IPv6 a network of the project's own, the same each time", () => {
    const [first] = allocate({ a: { name: "a", enable_ipv6: true } });
    const [again] = allocate({ a: { name: "a", enable_ipv6: true } });
    const [other] = allocate({ a: { name: "a", enable_ipv6: true } }, { project: "other" });
    expect(first?.ipv6?.subnet).toMatch(/^fd[0-9a-f:]+::\/64$/);
    expect(again).toEqual(first);
    expect(other?.ipv6?.subnet).not.toBe(first?.ipv6?.subnet);
  });

  it.each([
    [
      "subnet-overlap",
      { a: configured("10.5.0.0/16"), b: configured("10.5.3.0/24") },
      /network b: .* network a/,
    ],
    ["subnet-invalid", { a: configured("10.5.0.0/33") }, /network a: subnet 10\.5\.0\.0\/33/],
    ["subnet-invalid", { a: configured("10.5.0.0/31") }, /too small/],
    ["subnet-unsupported", { a: configured("10.5.0.0/24", "10.6.0.0/24") }, /second IPv4 subnet/],
    [
      "subnet-invalid",
      { a: { name: "a", ipam: { config: [{ subnet: "10.5.0.0/24", gateway: "10.6.0.1" }] } } },
      /gateway 10\.6\.0\.1/,
    ],
    [
      "network-option-invalid",
      { a: { name: "a", driver_opts: { "com.docker.network.driver.mtu": "lots" } } },
      /mtu: lots/,
    ],
  ])("refuses with %s: %j", (code, networks, message) => {
    expect(() => allocate(networks)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    );
  });
});

describe("bridgeName", () => {
  it("is the key where that fits, and at most 15 bytes and unique where not", () => {
    const taken = new Set<string>();
    for (const key of [
      "default",
      "a-network-of-long-name",
      "a-network-of-long-name-too",
      "größe",
      "default",
    ]) {
      const name = bridgeName(key, taken);
      expect(taken.has(name)).toBe(false);
      expect(Buffer.byteLength(name)).toBeLessThanOrEqual(15);
      taken.add(name);
    }
    expect([...taken][0]).toBe("br-default");
  });
});

describe("hostRoutes", () => {
  it("reads the kernel's table, and leaves out the default route and its two halves", () => {
    const table = [
      "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT",
      "eth0\t00000000\t0101A8C0\t0003\t0\t0\t0\t00000000\t0\t0\t0",
      "tun0\t00000080\t00000000\t0001\t0\t0\t0\t00000080\t0\t0\t0",
      "eth0\t0001A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0",
    ].join("\n");
    expect(hostRoutes(table)).toEqual([parseCidr("192.168.1.0/24")]);
  });
});
