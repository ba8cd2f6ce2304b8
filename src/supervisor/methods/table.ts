import { GantryError } from "../../lib/diagnostic.ts";
import type { Methods } from "../protocol.ts";
import { connect, disconnect } from "./connect.ts";
import type { MethodContext } from "./context.ts";
import { discard } from "./discard.ts";
import { down } from "./down.ts";
import { holdStill } from "./hold-still.ts";
import { kill, pause, remove, restart, start, stop, unpause } from "./lifecycle.ts";
import { run } from "./run.ts";
import { subscribe } from "./subscribe.ts";
import { up } from "./up.ts";

/**
 * "at once": waits for nobody. "queued": waits in line. "patient": the same, and may have long to wait itself, so that
 * it is broken off by what is "urgent" (waits in line) or "pressing" (does not: it must be possible during a stop).
 */
export type Manner = "at once" | "queued" | "patient" | "urgent" | "pressing";

type Entry<Name extends keyof Methods> = {
  readonly manner: Manner;
  readonly perform: (
    context: MethodContext,
    params: Methods[Name]["params"],
  ) => Promise<Methods[Name]["result"]>;
};

/** All methods but `status`, which is about the supervisor rather than the project. */
export const methods: { readonly [Name in Exclude<keyof Methods, "status">]: Entry<Name> } = {
  up: { manner: "patient", perform: up },
  scale: { manner: "patient", perform: up },
  start: { manner: "patient", perform: start },
  restart: { manner: "patient", perform: restart },
  run: { manner: "patient", perform: run },
  down: { manner: "urgent", perform: down },
  stop: { manner: "urgent", perform: stop },
  kill: { manner: "pressing", perform: kill },
  remove: { manner: "urgent", perform: remove },
  pause: { manner: "queued", perform: pause },
  unpause: { manner: "queued", perform: unpause },
  discard: { manner: "queued", perform: discard },
  connect: { manner: "queued", perform: connect },
  disconnect: { manner: "queued", perform: disconnect },
  holdStill: { manner: "at once", perform: holdStill },
  subscribe: { manner: "at once", perform: subscribe },
};

/** The entry of a method by name; a name from outside may be anything. */
export function methodNamed(name: string): Entry<keyof typeof methods> {
  if (!Object.hasOwn(methods, name)) {
    throw new GantryError("no-such-method", `the project's supervisor does not know ${name}`, {
      hint: "it was started by another version of gantry: take the project down with that one",
    });
  }
  return methods[name as keyof typeof methods] as Entry<keyof typeof methods>;
}
