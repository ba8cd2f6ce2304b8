import { createSocket } from "node:dgram";
import { once } from "node:events";
import * as packet from "dns-packet";
import { describe, expect, it } from "vitest";
import type { Upstream } from "../../../../src/net/dns/exchange.ts";
import {
  containerNames,
  type NamedContainer,
  NameServer,
  Resolver,
  Zones,
} from "../../../../src/net/index.ts";
import { network } from "../../../net/networks.ts";
import { codeOf, framed, overTcp, overUdp, question } from "./client.ts";
import { addresses, failure, MadeUpstream } from "./made-upstream.ts";

/** Containers live on the loopback here, so that the address a question comes from can be chosen. */
const front = network("front", "127.1.0.0/16");
const inner = network("inner", "127.2.0.0/16", { internal: true });

function container(service: string, place: string, address: string, resolvers?: string[]): NamedContainer {
  const name = `shop-${service}-1`;
  const id = service.padEnd(64, "0");
  return {
    id,
    name,
    names: containerNames({ project: "shop", service, containerName: name, id }),
    networks: [{ network: `shop_${place}`, addresses: [address], aliases: [] }],
    ...(resolvers && { resolvers }),
  };
}

class Subject implements Disposable {
  readonly #server: NameServer;
  /** Its own: on 127.0.0.1 a port that is free for datagrams may be in use for streams. */
  readonly address = "127.9.0.53";
  readonly port: number;

  private constructor(server: NameServer, port: number) {
    this.#server = server;
    this.port = port;
  }

  /** The name server of a project with `web` and `db` in front and `vault` inside. */
  static async create(...upstreams: Upstream[]): Promise<Subject> {
    const zones = new Zones({
      networks: [front, inner],
      declaredNames: ["web", "db", "vault", "idle"],
      hostAddress: "198.18.0.0",
    });
    zones.set(container("web", "front", "127.1.0.2"));
    zones.set(container("db", "front", "127.1.0.3"));
    zones.set(container("vault", "inner", "127.2.0.2"));
    for (let number = 100; number < 200; number += 1)
      zones.set({ ...container(`many${number}`, "front", `127.1.1.${number}`), names: ["many"] });
    const port = await freePort();
    const server = new NameServer(new Resolver(zones, async () => upstreams), port);
    const subject = new Subject(server, port);
    await server.listenOn([subject.address]);
    return subject;
  }

  ask(name: string, type = "A", more: Partial<packet.Packet> = {}, from = "127.1.0.2") {
    return overUdp(this, question(name, type, more), { from });
  }

  [Symbol.dispose](): void {
    this.#server.close();
  }
}

async function freePort(): Promise<number> {
  const socket = createSocket("udp4");
  socket.bind(0, "127.9.0.53");
  await once(socket, "listening");
  const { port } = socket.address();
  socket.close();
  return port;
}

/** Asked for by every browser; the library has no name for it. */
const HTTPS = "UNKNOWN_65";

const dataOf = (answer: packet.DecodedPacket | undefined) =>
  (answer?.answers ?? []).map((record) => ("data" in record ? record.data : undefined));

describe("names of the project", () => {
  it("are answered in the case they were asked in, and never asked upstream", async () => {
    using upstream = await MadeUpstream.create({ udp: addresses("9.9.9.9") });
    using subject = await Subject.create(upstream.upstream);
    const answer = await subject.ask("Db");
    expect(dataOf(answer)).toEqual(["127.1.0.3"]);
    expect(answer?.questions?.[0]?.name).toBe("Db");
    expect(upstream.asked.udp).toEqual([]);
  });

  it("have no other types: that is no error, since the name exists", async () => {
    using subject = await Subject.create();
    for (const type of ["AAAA", "MX", HTTPS, "UNKNOWN_4242", "ANY"]) {
      const answer = await subject.ask("db", type);
      expect([codeOf(answer), dataOf(answer)], type).toEqual([0, []]);
      expect(answer?.questions?.[0]?.type).toBe(type);
    }
  });

  it("do not exist while nobody has them, or for who does not share a network", async () => {
    using upstream = await MadeUpstream.create({ udp: addresses("9.9.9.9") });
    using subject = await Subject.create(upstream.upstream);
    for (const name of ["idle", "vault"]) expect(codeOf(await subject.ask(name)), name).toBe(3);
    expect(upstream.asked.udp).toEqual([]);
  });

  it("are found by their address", async () => {
    using subject = await Subject.create();
    expect(dataOf(await subject.ask("3.0.1.127.in-addr.arpa", "PTR"))).toEqual(["shop-db-1.shop_front"]);
    expect(codeOf(await subject.ask("77.0.1.127.in-addr.arpa", "PTR"))).toBe(3);
  });

  it("with more addresses than fit send the asker to TCP, where all come", async () => {
    using subject = await Subject.create();
    const short = await subject.ask("many");
    expect([short!.flag_tc, dataOf(short)]).toEqual([true, []]);
    const [whole] = await overTcp(subject, framed(question("many")));
    expect(dataOf(whole)).toHaveLength(100);
  });
});

describe("other names", () => {
  it("are asked upstream, and the answer comes back as it was given", async () => {
    using upstream = await MadeUpstream.create({ udp: addresses("9.9.9.9") });
    using subject = await Subject.create(upstream.upstream);
    expect(dataOf(await subject.ask("example.test"))).toEqual(["9.9.9.9"]);
  });

  it("that do not exist do not exist", async () => {
    using upstream = await MadeUpstream.create({ udp: failure(3) });
    using subject = await Subject.create(upstream.upstream);
    expect(codeOf(await subject.ask("nowhere.test"))).toBe(3);
    expect(upstream.asked.udp).toHaveLength(1);
  });

  it("of any type and class go upstream unchanged", async () => {
    using upstream = await MadeUpstream.create({ udp: failure(0) });
    using subject = await Subject.create(upstream.upstream);
    for (const type of [HTTPS, "UNKNOWN_4242", "SRV"]) {
      expect(codeOf(await subject.ask("example.test", type)), type).toBe(0);
      expect(upstream.asked.udp.at(-1)?.questions?.[0]?.type).toBe(type);
    }
  });

  it("of another class are not ours to answer, whatever they are called", async () => {
    using upstream = await MadeUpstream.create({ udp: failure(4) });
    using subject = await Subject.create(upstream.upstream);
    const chaos = question("db");
    chaos.writeUInt16BE(3, chaos.length - 2);
    expect(codeOf(await overUdp(subject, chaos))).toBe(4);
  });

  it("whose answer was cut off are asked again over TCP", async () => {
    using upstream = await MadeUpstream.create({
      udp: (asked) => ({ ...failure(0)(asked), flags: packet.TRUNCATED_RESPONSE }),
      tcp: addresses(...Array.from({ length: 200 }, (_, index) => `10.0.0.${index}`)),
    });
    using subject = await Subject.create(upstream.upstream);
    expect((await subject.ask("large.test"))?.flag_tc).toBe(true);
    const [whole] = await overTcp(subject, framed(question("large.test")));
    expect(dataOf(whole)).toHaveLength(200);
  });

  it("come from the next server when one fails, refuses, is not there, or does not answer", async () => {
    using good = await MadeUpstream.create({ udp: addresses("9.9.9.9"), tcp: addresses("9.9.9.9") });
    using failing = await MadeUpstream.create({ udp: failure(2), tcp: failure(2) });
    using refusing = await MadeUpstream.create({ udp: failure(5), tcp: failure(5) });
    using silent = await MadeUpstream.create({});
    const absent = { address: "127.0.0.1", udpPort: 1, tcpPort: 1 };
    for (const bad of [failing.upstream, refusing.upstream, absent, silent.upstream]) {
      using subject = await Subject.create(bad, good.upstream);
      expect(dataOf(await subject.ask("example.test"))).toEqual(["9.9.9.9"]);
      const [overStream] = await overTcp(subject, framed(question("example.test")));
      expect(dataOf(overStream)).toEqual(["9.9.9.9"]);
    }
  });

  it("are asked first of the server that was of use last", async () => {
    using silent = await MadeUpstream.create({});
    using good = await MadeUpstream.create({ udp: addresses("9.9.9.9") });
    using subject = await Subject.create(silent.upstream, good.upstream);
    await subject.ask("one.test");
    const askedBefore = silent.asked.udp.length;
    const begin = performance.now();
    await subject.ask("two.test");
    expect(performance.now() - begin).toBeLessThan(500);
    expect(silent.asked.udp).toHaveLength(askedBefore);
  });

  it("fail at once where no server is of use", async () => {
    using failing = await MadeUpstream.create({ udp: failure(2) });
    using subject = await Subject.create(failing.upstream);
    expect(codeOf(await subject.ask("example.test"))).toBe(2);
  });

  it("are refused to who is on internal networks only", async () => {
    using upstream = await MadeUpstream.create({ udp: addresses("9.9.9.9") });
    using subject = await Subject.create(upstream.upstream);
    expect(codeOf(await subject.ask("example.test", "A", {}, "127.2.0.2"))).toBe(5);
    expect(upstream.asked.udp).toEqual([]);
  });
});

describe("the server", () => {
  it("says nothing to what is no question, and goes on", async () => {
    using subject = await Subject.create();
    const good = question("db");
    const nonsense = [
      Buffer.alloc(0),
      Buffer.from("x"),
      good.subarray(0, 11),
      good.subarray(0, good.length - 3),
      Buffer.concat([good.subarray(0, 12), Buffer.from([0xc0, 0x0c, 0, 1, 0, 1])]),
      packet.encode({ type: "response", id: 1, questions: [{ name: "db", type: "A" }] }),
      packet.encode({ type: "query", id: 1, flags: 5 << 11, questions: [{ name: "db", type: "A" }] }),
      packet.encode({ type: "query", id: 1, questions: [] }),
    ];
    const answers = nonsense.map((bytes) => overUdp(subject, bytes, { patience: 300 }));
    expect(await Promise.all(answers)).toEqual(nonsense.map(() => undefined));
    for (const bytes of nonsense) expect(await overTcp(subject, framed(bytes))).toEqual([]);
    expect(codeOf(await subject.ask("db"))).toBe(0);
  });

  it("survives questions that were changed at random", async () => {
    using subject = await Subject.create();
    const random = pseudoRandom(4711);
    const socket = createSocket("udp4");
    for (let round = 0; round < 2000; round += 1) {
      const bytes = question("db", "A", { additionals: [] });
      for (let change = 0; change < 3; change += 1) bytes[random() % bytes.length] = random() % 256;
      socket.send(bytes, subject.port, subject.address);
      if (round % 100 === 0) expect(codeOf(await subject.ask("db"))).toBe(0);
    }
    socket.close();
    expect(codeOf(await subject.ask("db"))).toBe(0);
  });

  it("answers several questions on one TCP connection, however they are cut", async () => {
    using subject = await Subject.create();
    const stream = Buffer.concat([framed(question("idle")), framed(question("nobody.in-addr.arpa", "PTR"))]);
    expect((await overTcp(subject, stream, { count: 2 })).map(codeOf).sort()).toEqual([2, 3]);
  });

  it("has a thousand questions under way at once", async () => {
    const waiting: (() => void)[] = [];
    const socket = createSocket("udp4");
    socket.bind(0, "127.0.0.1");
    await once(socket, "listening");
    socket.setRecvBufferSize(1024 * 1024);
    socket.on("message", (message, from) => {
      const asked = packet.decode(message);
      const bytes = packet.encode({ ...addresses("9.9.9.9")(asked), id: asked.id });
      waiting.push(() => socket.send(bytes, from.port, from.address));
      if (waiting.length >= 1000) for (const answer of waiting.splice(0)) answer();
    });
    const upstream = { address: "127.0.0.1", udpPort: socket.address().port, tcpPort: 1 };
    using subject = await Subject.create(upstream);
    // As resolvers do, what got no answer is asked once more: a host may allow less room than the burst takes.
    const ask = async (name: string) => (await subject.ask(name)) ?? subject.ask(name);
    const questions = Array.from({ length: 1000 }, (_, index) => ask(`n${index}.test`));
    const answers = await Promise.all(questions);
    socket.close();
    expect(answers.filter((answer) => codeOf(answer) === 0)).toHaveLength(1000);
  });
});

/** The same numbers each time (a linear congruential generator), so that a failure can be looked at. */
function pseudoRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state >>> 8;
  };
}
