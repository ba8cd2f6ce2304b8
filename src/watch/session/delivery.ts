import type { WatchedContainer } from "../contract.ts";
import { kindOf } from "../host/entry.ts";
import type { HostTree } from "../host/host-tree.ts";
import type { WatchRule } from "../rules/watch-rules.ts";
import type { Differences } from "../transfer/differences.ts";
import { type Manifest, UNSURE, UNSURE_DIRECTORY } from "../transfer/manifest.ts";
import { type Sent, send } from "../transfer/send.ts";
import { SyncFailure } from "../transfer/sync-failure.ts";
import { besides, temporaryName } from "../transfer/temporary-name.ts";

/** So many paths may fail one by one before a container is given up for now. */
const MOST_FAILURES = 20;

/** Brings a batch into one container: what cannot be brought holds nothing else up, and is thrown at the end. */
export class Delivery {
  readonly #container: WatchedContainer;
  readonly #rule: WatchRule;
  readonly #entries: HostTree["entries"];
  readonly #manifest: Manifest;

  constructor(
    container: WatchedContainer,
    rule: WatchRule,
    entries: HostTree["entries"],
    manifest: Manifest,
  ) {
    this.#container = container;
    this.#rule = rule;
    this.#entries = entries;
    this.#manifest = manifest;
  }

  async bring(changes: Differences): Promise<Sent> {
    const failures: SyncFailure[] = [];
    let left: Differences | undefined = changes;
    while (left && failures.length < MOST_FAILURES) {
      const outcome: Sent | SyncFailure = await this.#attempt(left);
      if (outcome instanceof SyncFailure) {
        failures.push(outcome);
        left = without(left, outcome);
      } else if (failures.length === 0) return outcome;
      else left = undefined;
    }
    throw failures[0];
  }

  async #attempt(changes: Differences): Promise<Sent | SyncFailure> {
    try {
      return await this.#send(changes);
    } catch (error) {
      if (error instanceof SyncFailure) return error;
      throw error;
    }
  }

  async #send(changes: Differences): Promise<Sent> {
    const known = this.#manifest.entries;
    const had = new Map(changes.send.map((path) => [path, known.get(path)] as const));
    const name = temporaryName();
    const isFile = (path: string) => kindOf(this.#entries.get(path) ?? "d") !== "directory";
    const temporaries = [...new Set(changes.send.filter(isFile).map((path) => besides(path, name)))];
    const fresh = changes.send.filter((path) => isFile(path) || had.get(path) === undefined);
    const unsure = (path: string) => (known.get(path)?.startsWith("d") ? UNSURE_DIRECTORY : UNSURE);
    this.#manifest.note([...fresh, ...temporaries].map((path) => [path, unsure(path)] as const));
    const sent = await send(this.#container, {
      ...changes,
      temporaryName: name,
      source: this.#rule.path,
      target: this.#rule.target!,
      entries: this.#entries,
      had: (path) => (had.has(path) ? had.get(path) : known.get(path)),
      known,
    });
    this.#manifest.note([...sent.noted, ...temporaries.map((path) => [path, null] as const)]);
    return sent;
  }
}

/** What is left to try; undefined when leaving out what failed would change nothing. */
function without(changes: Differences, { isBlocked }: SyncFailure): Differences | undefined {
  if (!isBlocked) return undefined;
  const send = changes.send.filter((path) => !isBlocked(path));
  const remove = changes.remove.filter((path) => !isBlocked(path));
  const isLess = send.length + remove.length < changes.send.length + changes.remove.length;
  return isLess ? { send, remove, forget: [] } : undefined;
}
