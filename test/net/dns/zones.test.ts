import { describe, expect, it } from "vitest";
import { containerNames, type NamedContainer, Zones } from "../../../src/net/index.ts";
import { network } from "../networks.ts";

const front = network("front", "10.1.0.0/24");
const back = network("back", "10.2.0.0/24", { internal: true });

function container(service: string, number: number, places: Record<string, string>): NamedContainer {
  const name = `shop-${service}-${number}`;
  const id = `${service}${number}`.padEnd(64, "0");
  return {
    id,
    name,
    names: containerNames({ project: "shop", service, containerName: name, id }),
    networks: Object.entries(places).map(([key, address]) => ({
      network: key,
      addresses: [address],
      aliases: [`${service}-alias`],
    })),
  };
}

function zones(...containers: NamedContainer[]): Zones {
  const table = new Zones({
    networks: [front, back],
    declaredNames: ["web", "db", "idle"],
    hostAddress: "198.18.0.0",
  });
  for (const each of containers) table.set(each);
  return table;
}

const web = container("web", 1, { shop_front: "10.1.0.2" });
const web2 = container("web", 2, { shop_front: "10.1.0.3" });
const app = container("app", 1, { shop_front: "10.1.0.4", shop_back: "10.2.0.4" });
const db = container("db", 1, { shop_back: "10.2.0.2" });
const answer = (...data: string[]) => ({ kind: "answer", data });

describe("Zones", () => {
  it.each(["app", "APP.", "shop-app-1", "app.shop", "app-alias", "app.shop_front", "app100000000"])(
    "knows %s at its address on the asker's network",
    (name) => {
      expect(zones(web, app, db).lookup(name, "A", "10.1.0.2")).toEqual(answer("10.1.0.4"));
      expect(zones(web, app, db).lookup(name.replace("front", "back"), "A", "10.2.0.2")).toEqual(
        answer("10.2.0.4"),
      );
    },
  );

  it("answers all replicas, another one first each time", () => {
    const table = zones(web, web2, app);
    const answers = [1, 2].map(() => table.lookup("web", "A", "10.1.0.4"));
    expect(new Set(answers.map((found) => found.kind === "answer" && found.data[0])).size).toBe(2);
    for (const found of answers) expect(found.kind === "answer" && found.data).toHaveLength(2);
  });

  it("knows a link's alias for the container that has the link, and for nobody else", () => {
    const table = zones(app, db, { ...web, links: { Backend: "APP" } });
    expect(table.lookup("backend", "A", "10.1.0.2")).toEqual(answer("10.1.0.4"));
    expect(table.lookup("backend", "A", "10.1.0.4")).toEqual({ kind: "foreign" });
  });

  it("shows nobody a container of a network they are not on", () => {
    expect(zones(web, db).lookup("db", "A", "10.1.0.2")).toEqual({ kind: "unknown" });
  });

  it("tells a name without such an address, a name of the project that nobody has, and a foreign one apart", () => {
    const table = zones(web, app);
    expect(table.lookup("app", "AAAA", "10.1.0.2")).toEqual(answer());
    expect(table.lookup("idle", "A", "10.1.0.2")).toEqual({ kind: "unknown" });
    expect(table.lookup("example.com", "A", "10.1.0.2")).toEqual({ kind: "foreign" });
  });

  it("forgets a container that stopped", () => {
    const table = zones(web, web2, app);
    table.remove(web.id);
    expect(table.lookup("web", "A", "10.1.0.4")).toEqual(answer("10.1.0.3"));
  });

  it("answers PTR for neighbours, and nothing for strangers", () => {
    const table = zones(web, app, db);
    expect(table.lookup("4.0.1.10.in-addr.arpa", "PTR", "10.1.0.2")).toEqual(answer("shop-app-1.shop_front"));
    expect(table.lookup("2.0.2.10.in-addr.arpa", "PTR", "10.1.0.2")).toEqual({ kind: "unknown" });
    expect(table.lookup("1.1.1.9.in-addr.arpa", "PTR", "10.1.0.2")).toEqual({ kind: "foreign" });
  });

  it("leads host.docker.internal to the host", () => {
    expect(zones(web).lookup("host.docker.internal", "A", "10.1.0.2")).toEqual(answer("198.18.0.0"));
    expect(zones(web).lookup("host.docker.internal", "AAAA", "10.1.0.2")).toEqual(answer());
  });
});
