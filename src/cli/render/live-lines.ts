import type { ProgressEvent } from "../../supervisor/index.ts";
import { shortSeconds } from "./duration.ts";
import { LayerBars } from "./layer-bar.ts";
import { capitalised, type Phase, phaseOf, subjectOf } from "./status-words.ts";
import { padToWidth, textWidth } from "./text-width.ts";

/** One line of the live view. */
export type LiveLine = { readonly phase: Phase; readonly text: string };

type Thing = { readonly subject: string; readonly started: number; last: ProgressEvent };

const KINDS = ["image", "layer", "network", "volume", "container", "project"] as const;

/** Everything a command is busy with, a line each, as the live view shows it. */
export class LiveLines {
  readonly #things = new Map<string, Thing>();
  readonly #bars = new LayerBars();
  #width = 0;

  /** Takes in what happens to a thing; a layer is shown in the line of its image. */
  take(event: ProgressEvent): void {
    const shown = event.kind === "layer" ? this.#imageEvent(event) : event;
    const subject = subjectOf(shown);
    const known = this.#things.get(subject);
    if (known) known.last = shown;
    else this.#things.set(subject, { subject, started: shown.time, last: shown });
    this.#width = Math.max(this.#width, textWidth(subject));
  }

  /** At most `most` lines. Where they do not all fit, what is done goes first, then what came last. */
  visible(now: number, most: number): LiveLine[] {
    const things = [...this.#things.values()];
    if (things.length <= most) return things.map((thing) => this.#line(thing, now));
    const importance = ({ last }: Thing) =>
      ["failed", "warned", "working", "done"].indexOf(phaseOf(last.status));
    const kept = new Set(
      things.toSorted((one, other) => importance(one) - importance(other)).slice(0, most - 1),
    );
    const shown = things.filter((thing) => kept.has(thing)).map((thing) => this.#line(thing, now));
    const others = things.filter((thing) => !kept.has(thing));
    const done = others.filter(({ last }) => phaseOf(last.status) === "done").length;
    const text = `and ${others.length} more${done > 0 ? `, ${done} of them done` : ""}`;
    return [...shown, { phase: done === others.length ? "done" : "working", text }];
  }

  /** What is left on the screen: one line of all that went well, and a line for each thing that did not. */
  final(): LiveLine[] {
    const things = [...this.#things.values()];
    const good = things.filter(({ last }) => phaseOf(last.status) === "done");
    const bad = things.filter(({ last }) => ["failed", "warned"].includes(phaseOf(last.status)));
    const lineOf = (thing: Thing) => this.#line(thing, thing.last.time);
    if (good.length < 2) return [...good, ...bad].map(lineOf);
    const summary = { phase: "done" as const, text: `${summaryOf(good)}  ${elapsed(things)}` };
    return [...bad.map(lineOf), summary];
  }

  #imageEvent(event: ProgressEvent): ProgressEvent {
    const { parent: name = "", time } = event;
    this.#bars.add(event);
    return { kind: "image", name, status: "pulling", detail: this.#bars.of(name), time };
  }

  #line({ subject, started, last }: Thing, now: number): LiveLine {
    const phase = phaseOf(last.status);
    const took = shortSeconds((phase === "working" ? now : last.time) - started);
    const words = `${padToWidth(subject, this.#width)}  ${capitalised(last.status)}  ${took}`;
    return { phase, text: last.detail ? `${words}  ${last.detail}` : words };
  }
}

/** "1 network created, 3 containers (2 healthy, 1 exited)" */
function summaryOf(things: readonly Thing[]): string {
  const parts = KINDS.flatMap((kind) => {
    const statuses = things.flatMap(({ last }) => (last.kind === kind ? [last.status] : []));
    const noun = `${statuses.length} ${kind}${statuses.length === 1 ? "" : "s"}`;
    const counts = [...new Set(statuses)].map(
      (status) => [statuses.filter((one) => one === status).length, status] as const,
    );
    if (counts.length < 2) return counts.map(([, status]) => `${noun} ${status}`);
    return [`${noun} (${counts.map(([count, status]) => `${count} ${status}`).join(", ")})`];
  });
  return parts.join(", ");
}

function elapsed(things: readonly Thing[]): string {
  const [first, last] = [things.map(({ started }) => started), things.map((thing) => thing.last.time)];
  return shortSeconds(Math.max(...last) - Math.min(...first));
}
