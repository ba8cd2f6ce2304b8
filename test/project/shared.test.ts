import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type Database, openDatabase } from "../../src/lib/database.ts";
import { ownIdentity } from "../../src/lib/process-identity.ts";
import type { NamedContainer } from "../../src/net/index.ts";
import {
  createSharedNetwork,
  findSharedNetwork,
  noteMember,
  otherMembers,
  removeSharedNetwork,
  SharedAddresses,
  SharedNames,
  sharedAllocation,
} from "../../src/project/index.ts";

let directory: string;
let database: Database;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "gantry-shared-"));
  database = openDatabase({ data: directory, run: join(directory, "run") });
});
afterEach(() => {
  database.close();
  rmSync(directory, { recursive: true });
});

const create = (name: string, subnet?: string) =>
  createSharedNetwork(database, {
    name,
    definition: { name, ipam: { config: subnet ? [{ subnet }] : [] } },
    attachable: false,
    labels: {},
    routes: [],
  });
const addressesOf = (project: string) => new SharedAddresses(() => database, project);
const joined = (project: string) =>
  sharedAllocation(database, addressesOf(project), { key: "net", name: "net", bridge: "br-net" })!;
const member = (project: string, startTime = ownIdentity().startTime) => ({
  project,
  bridge: "br-net",
  process: { ...ownIdentity(), startTime },
});

it("networks that name no subnet come from the far end of the pools, each its own", () => {
  expect([create("one"), create("two")].map(({ allocated }) => allocated.subnet)).toEqual([
    "10.255.240.0/20",
    "10.255.224.0/20",
  ]);
  expect(() => create("one")).toThrow("network with name one already exists");
});

it("each project has a gateway of its own, the first the network's, and keeps it", () => {
  create("net", "10.9.0.0/29");
  expect([joined("a"), joined("b"), joined("a")].map(({ gateway }) => gateway)).toEqual([
    "10.9.0.1",
    "10.9.0.6",
    "10.9.0.1",
  ]);
});

it("no address is given twice, whichever project asks", () => {
  create("net", "10.9.0.0/29");
  const [a, b] = [joined("a"), joined("b")];
  expect(addressesOf("a").take(a, "a-web-1", {})).toEqual(["10.9.0.2"]);
  expect(addressesOf("b").take(b, "b-web-1", {})).toEqual(["10.9.0.3"]);
  expect(() => addressesOf("b").take(b, "b-db-1", { ipv4_address: "10.9.0.2" })).toThrow("taken by a-web-1");
  expect(addressesOf("b").take(b, "b-db-1", {})).toEqual(["10.9.0.4"]);
  expect(addressesOf("a").take(a, "a-db-1", {})).toEqual(["10.9.0.5"]);
  expect(() => addressesOf("a").take(a, "a-x-1", {})).toThrow("no free address is left");
  addressesOf("b").release("net", "b-web-1");
  expect(addressesOf("a").take(a, "a-x-1", {})).toEqual(["10.9.0.3"]);
});

it("what containers held that are no more is given back, and everything when the project leaves", () => {
  create("net", "10.9.0.0/29");
  const a = joined("a");
  for (const name of ["one", "two"]) addressesOf("a").take(a, name, {});
  addressesOf("a").retain("net", new Set(["two"]));
  expect(addressesOf("a").take(a, "three", {})).toEqual(["10.9.0.2"]);
  addressesOf("a").leave("net");
  expect(joined("b").gateway).toBe("10.9.0.1");
});

it("a network goes when no living project is on it", () => {
  create("net");
  noteMember(database, "net", member("a"));
  noteMember(database, "net", member("dead", 1));
  expect(otherMembers(database, "net", "b").map(({ project }) => project)).toEqual(["a"]);
  expect(() => removeSharedNetwork(database, "net")).toThrow("in use by a");
  addressesOf("a").leave("net");
  removeSharedNetwork(database, "net");
  expect(findSharedNetwork(database, "net")).toBeUndefined();
});

it("projects read the names of others that live, on the networks they are on", () => {
  const container: NamedContainer = {
    id: "c".repeat(64),
    name: "a-web-1",
    names: ["web"],
    networks: ["net", "a_default"].map((network) => ({ network, addresses: ["10.9.0.2"], aliases: [] })),
  };
  noteMember(database, "net", member("a"));
  const names = (project: string) => new SharedNames(() => database, project);
  names("a").publish(container, new Set(["net"]));
  expect(names("b").others(["net", "a_default"])).toEqual([
    { ...container, networks: [container.networks[0]] },
  ]);
  expect(names("a").others(["net"])).toEqual([]);
  noteMember(database, "net", member("a", 1));
  expect(names("b").others(["net"]), "of a dead project").toEqual([]);
});
