import { expect, it } from "vitest";
import { LayeredZones, type NamedContainer, Zones } from "../../../src/net/index.ts";
import { network } from "../networks.ts";

const own = { ...network("own", "10.1.0.0/24") };
const common = { ...network("common", "10.9.0.0/24", { shared: true }), name: "common" };

const container = (name: string, place: string, address: string): NamedContainer => ({
  id: `${name}${address}`,
  name,
  names: [name],
  networks: [{ network: place, addresses: [address], aliases: [] }],
});

function layered(others: readonly NamedContainer[]): LayeredZones {
  const zones = new Zones({ networks: [own, common], declaredNames: ["mine"], hostAddress: "" });
  zones.set(container("web", "common", "10.9.0.2"));
  zones.set(container("inside", "shop_own", "10.1.0.2"));
  const table = new LayeredZones(zones, () => others);
  table.configure([common]);
  return table;
}

const theirs = ["web", "mine", "api"].map((name, index) => container(name, "common", `10.9.0.${20 + index}`));
const answer = (...data: string[]) => ({ kind: "answer", data });

it("answers with other projects' containers what is not the own project's, running or not", () => {
  const table = layered(theirs);
  expect(table.lookup("web", "A", "10.9.0.2")).toEqual(answer("10.9.0.2"));
  expect(table.lookup("mine", "A", "10.9.0.2")).toEqual({ kind: "unknown" });
  expect(table.lookup("api", "A", "10.9.0.2")).toEqual(answer("10.9.0.22"));
  expect(table.lookup("22.0.9.10.in-addr.arpa", "PTR", "10.9.0.2")).toEqual(answer("api.common"));
  expect(table.lookup("example.test", "A", "10.9.0.2")).toEqual({ kind: "foreign" });
});

it("tells them to nobody who is not on the shared network", () => {
  expect(layered(theirs).lookup("api", "A", "10.1.0.2")).toEqual({ kind: "foreign" });
});
