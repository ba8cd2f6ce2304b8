import { describe, expect, it } from "vitest";
import { type BoundPort, expandPorts, HelperFailure, publishPorts } from "../../../src/net/index.ts";
import type { Forward } from "../../../src/net/keeper/keeper-client.ts";

const port = (published?: string, more = {}) => ({
  target: 80,
  protocol: "tcp",
  ...(published === undefined ? {} : { published }),
  ...more,
});

describe("expandPorts", () => {
  it.each([
    [port(), ["", 0, 0]],
    [port("8080"), ["", 8080, 8080]],
    [port("8080-8090", { host_ip: "127.0.0.1" }), ["127.0.0.1", 8080, 8090]],
    [port("8080", { host_ip: "[::1]" }), ["::1", 8080, 8080]],
  ])("reads %j", (definition, [hostIp, firstHostPort, lastHostPort]) => {
    expect(expandPorts("web", [definition])).toEqual([
      { hostIp, firstHostPort, lastHostPort, containerPort: 80, protocol: "tcp" },
    ]);
  });

  it.each([
    port("90-80"),
    port("70000"),
    port("http"),
    port("80", { host_ip: "localhost" }),
    port("80", { protocol: "sctp" }),
    port("80", { target: 0 }),
  ])("refuses %j and names the service", (definition) => {
    expect(() => expandPorts("web", [definition])).toThrow(
      expect.objectContaining({ code: "port-invalid", message: expect.stringContaining("service web") }),
    );
  });
});

/** Keeps the rules of bind(2) as far as these tests need them: one holder for each family and port. */
class Host {
  readonly held = new Map<string, string>();
  #next = 32_768;

  constructor(...taken: string[]) {
    for (const place of taken) this.held.set(place, "somebody else");
  }

  async addForward({ id, listenAddress, listenPort }: Forward): Promise<number> {
    const chosen = listenPort || this.#next++;
    const place = `${listenAddress.length === 4 ? 4 : 6}/${chosen}`;
    if (this.held.has(place)) throw new HelperFailure("forward_add", "EADDRINUSE", place, "in use");
    this.held.set(place, id);
    return chosen;
  }

  async removeForward(id: string): Promise<void> {
    for (const [place, holder] of this.held) if (holder === id) this.held.delete(place);
  }
}

const target = { id: "c1", name: "shop-web-1", addresses: ["10.1.0.2"], findHolder: () => "nginx (pid 8)" };
const publish = (host: Host, published?: string, previous: BoundPort[] = []) =>
  publishPorts(host, target, expandPorts("web", [port(published)]), previous);
const hostPorts = (bound: readonly BoundPort[]) => bound.map(({ hostIp, hostPort }) => [hostIp, hostPort]);

describe("publishPorts", () => {
  it("binds every address of both families under one number", async () => {
    const both = (number: number) => [
      ["0.0.0.0", number],
      ["::", number],
    ];
    expect(hostPorts(await publish(new Host(), "8080"))).toEqual(both(8080));
    expect(hostPorts(await publish(new Host("6/32768")))).toEqual(both(32_769));
  });

  it("takes the next port of a range, and the one it had before", async () => {
    expect((await publish(new Host("4/8080"), "8080-8081"))[0]?.hostPort).toBe(8081);
    const before = { hostIp: "0.0.0.0", hostPort: 8085, containerPort: 80, protocol: "tcp" } as const;
    expect((await publish(new Host(), "8080-8090", [before]))[0]?.hostPort).toBe(8085);
  });

  it("names who holds a port, and leaves nothing bound", async () => {
    const host = new Host("6/8080");
    await expect(publish(host, "8080")).rejects.toMatchObject({
      code: "port-in-use",
      message: expect.stringContaining("nginx (pid 8)"),
    });
    expect([...host.held.values()]).toEqual(["somebody else"]);
  });
});
