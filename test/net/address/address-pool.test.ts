import { describe, expect, it } from "vitest";
import { AddressPool } from "../../../src/net/index.ts";
import { network } from "../networks.ts";

const tiny = () => new AddressPool(network("net", "10.5.0.0/29"));
const failing = (code: string, message: RegExp) =>
  expect.objectContaining({ code, message: expect.stringMatching(message) });

describe("AddressPool", () => {
  it("gives the lowest free address, and one that was given back again", () => {
    const pool = tiny();
    expect(["a", "b", "c"].map((owner) => pool.take(owner)[0])).toEqual(["10.5.0.2", "10.5.0.3", "10.5.0.4"]);
    pool.release("b", ["10.5.0.3"]);
    expect(pool.take("d")).toEqual(["10.5.0.3"]);
  });

  it("does not take an address back from somebody who does not hold it", () => {
    const pool = tiny();
    pool.take("a");
    pool.release("b", ["10.5.0.2"]);
    expect(pool.take("c")).toEqual(["10.5.0.3"]);
  });

  it("keeps a static address free for its owner", () => {
    const pool = tiny();
    pool.reserve("service db", { ipv4_address: "10.5.0.2" });
    expect(pool.take("service web")).toEqual(["10.5.0.3"]);
    expect(pool.take("service db", { ipv4_address: "10.5.0.2" })).toEqual(["10.5.0.2"]);
  });

  it("never gives network, broadcast, gateway and reserved addresses, and says when nothing is left", () => {
    const pool = new AddressPool(network("net", "10.5.0.0/29", { reserved: ["10.5.0.3"] }));
    const given = ["a", "b", "c", "d"].map((owner) => pool.take(owner)[0]);
    expect(given).toEqual(["10.5.0.2", "10.5.0.4", "10.5.0.5", "10.5.0.6"]);
    expect(() => pool.take("service e")).toThrow(failing("addresses-exhausted", /network net, service e/));
  });

  it("chooses from ip_range, while static addresses may lie outside it", () => {
    const pool = new AddressPool(network("net", "10.5.0.0/24", { ipRange: "10.5.0.128/25" }));
    expect(pool.take("a")).toEqual(["10.5.0.128"]);
    expect(pool.take("b", { ipv4_address: "10.5.0.9" })).toEqual(["10.5.0.9"]);
  });

  it("gives an address of each family", () => {
    const ipv6 = { subnet: "fd00:1::/64", gateway: "fd00:1::1" };
    const pool = new AddressPool(network("net", "10.5.0.0/24", { ipv6 }));
    expect(pool.take("a")).toEqual(["10.5.0.2", "fd00:1::2"]);
  });

  it.each([
    ["10.6.0.2", "address-out-of-range", /outside the subnet 10\.5\.0\.0\/29/],
    ["10.5.0.1", "address-in-use", /already taken by the gateway/],
    ["10.5.0.7", "address-in-use", /the broadcast address/],
    ["10.5.0", "address-invalid", /10\.5\.0 is not an address/],
    ["fd00::1", "address-out-of-range", /no IPv6/],
  ])("refuses %s as a static address: %s", (address, code, message) => {
    expect(() => tiny().reserve("service a", { ipv4_address: address })).toThrow(failing(code, message));
  });

  it("names both sides of a clash", () => {
    const pool = tiny();
    pool.reserve("service a", { ipv4_address: "10.5.0.4" });
    expect(() => pool.reserve("service b", { ipv4_address: "10.5.0.4" })).toThrow(
      failing("address-in-use", /service b: .* service a/),
    );
  });
});
