import { randomInt } from "node:crypto";
import type { Exchange, Upstream } from "./exchange.ts";

/** How long a server may take before the next one is asked as well; clients give up after five seconds. */
const PATIENCE_MS = 1500;
const DEADLINE_MS = 9000;
/** A question or its answer may get lost on the way: every server is asked this often. */
const ROUNDS = 2;
const SERVFAIL = 2;
const REFUSED = 5;

/** Asks several name servers for one answer, and remembers which one was of use. */
export class UpstreamAsker {
  #lastUseful: string | undefined;

  /**
   * The first useful answer, with the identifier of the question. A server that fails, refuses or is slow lets the
   * next one have a turn; slow ones are still listened to. Without any useful answer the last useless one is given,
   * and undefined when there was none at all.
   */
  async ask(
    upstreams: readonly Upstream[],
    question: Buffer,
    exchange: Exchange,
  ): Promise<Buffer | undefined> {
    // Our own random identifier: the asker's is known to others in the project.
    const anonymous = withId(question, randomInt(0x1_0000));
    const answer = await this.#race(this.#inOrder(upstreams), (upstream, signal) =>
      exchange(upstream, anonymous, signal),
    );
    return answer && withId(answer, question.readUInt16BE(0));
  }

  #inOrder(upstreams: readonly Upstream[]): Upstream[] {
    const useful = upstreams.filter((upstream) => upstream.address + upstream.udpPort === this.#lastUseful);
    const ordered = [...useful, ...upstreams.filter((upstream) => !useful.includes(upstream))];
    return Array.from({ length: ROUNDS }, () => ordered).flat();
  }

  #race(
    turns: readonly Upstream[],
    exchange: (upstream: Upstream, signal: AbortSignal) => Promise<Buffer>,
  ): Promise<Buffer | undefined> {
    const done = new AbortController();
    return new Promise((resolve) => {
      let turn = 0;
      let underWay = 0;
      let patience: NodeJS.Timeout | undefined;
      let useless: Buffer | undefined;
      const finish = (answer: Buffer | undefined) => {
        clearTimeout(patience);
        clearTimeout(deadline);
        resolve(answer);
        done.abort();
      };
      const deadline = setTimeout(() => finish(useless), DEADLINE_MS);
      const askNext = () => {
        clearTimeout(patience);
        const upstream = turns[turn++];
        if (!upstream) return underWay === 0 ? finish(useless) : undefined;
        underWay += 1;
        patience = setTimeout(askNext, PATIENCE_MS);
        exchange(upstream, done.signal).then(
          (answer) => {
            underWay -= 1;
            if (isUseful(answer)) {
              this.#lastUseful = upstream.address + upstream.udpPort;
              return finish(answer);
            }
            useless = answer;
            askNext();
          },
          () => {
            underWay -= 1;
            if (!done.signal.aborted) askNext();
          },
        );
      };
      askNext();
    });
  }
}

function isUseful(answer: Buffer): boolean {
  const code = answer.readUInt8(3) & 0x0f;
  return code !== SERVFAIL && code !== REFUSED;
}

function withId(message: Buffer, id: number): Buffer {
  const copy = Buffer.from(message);
  copy.writeUInt16BE(id, 0);
  return copy;
}
