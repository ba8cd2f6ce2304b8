import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { until } from "../../support/until.ts";

const SCRIPT = resolve(import.meta.dirname, "session-process.ts");
const NOBODY = "65534";
const DIRECTORIES = 12;

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "gantry-watch-"));
  chmodSync(root, 0o755);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const at = (path: string) => join(root, path);

/** A watch of `root` in a process of its own, and what it tells. */
class WatchingProcess implements Disposable {
  readonly #process: ChildProcess;
  said = "";

  constructor(...command: string[]) {
    const [program, ...args] = command;
    this.#process = spawn(program!, args, { stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [this.#process.stdout!, this.#process.stderr!]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        this.said += text;
      });
    }
  }

  get pid(): number {
    return this.#process.pid!;
  }

  /** How many paths it has found changed. */
  get changed(): number {
    return [...this.said.matchAll(/"changed":(\d+)/g)].reduce((sum, [, count]) => sum + Number(count), 0);
  }

  async tells(text: string): Promise<void> {
    const isTold = () => this.said.includes(text) || this.#process.exitCode !== null;
    await until(`it tells ${text}`, isTold).catch(() => undefined);
    expect(this.said).toContain(text);
  }

  /** Stands still, as on a busy machine, while something happens. */
  async sleepDuring(act: () => void): Promise<void> {
    this.#process.kill("SIGSTOP");
    await until("it is stopped", () => readFileSync(`/proc/${this.pid}/stat`, "utf8").includes(") T "));
    act();
    this.#process.kill("SIGCONT");
  }

  [Symbol.dispose](): void {
    this.#process.kill("SIGKILL");
  }
}

const LIMITS = [
  ["max_inotify_watches", 8, "limit of inotify watches is reached (fs.inotify.max_user_watches = "],
  ["max_inotify_instances", 0, "limit of inotify watchers is reached (fs.inotify.max_user_instances = "],
] as const;

it.each(LIMITS)(
  "looks at the tree from time to time where %s is %i, and says which setting helps",
  async (limit, value, message) => {
    for (let number = 0; number < DIRECTORIES; number++) mkdirSync(at(`d${number}`));
    for (let number = 0; number < DIRECTORIES; number++) writeFileSync(at(`d${number}/file`), "first");
    // Of a user namespace of its own: the machine's limit stays as it is.
    const limited = `echo ${value} > /proc/sys/user/${limit} && exec "$@"`;
    const entered = ["unshare", "--user", "--map-root-user", "sh", "-ec", limited, "sh"];
    using watching = new WatchingProcess(...entered, process.execPath, SCRIPT, root);
    await watching.tells('"type":"ready"');
    expect(watching.said).toContain(message);
    expect(watching.said).toMatch(/as root: sysctl -w fs\.inotify\.max_user_\w+=\d+/);
    for (let number = 0; number < DIRECTORIES; number++) writeFileSync(at(`d${number}/file`), "saved");
    // Some are told by the kernel, the others have to be found.
    await until(`all are found: ${watching.said}`, () => watching.changed === DIRECTORIES);
    expect(watching.said.split(message).length).toBe(2);
  },
);

it("names a folder that it may not read, watches the rest, and the folder too once it may", async () => {
  mkdirSync(at("closed"), { mode: 0o700 });
  mkdirSync(at("open"));
  writeFileSync(at("closed/inside"), "kept");
  using watching = new WatchingProcess(process.execPath, SCRIPT, root, NOBODY);
  await watching.tells('"type":"ready"');
  expect(watching.said).toContain(`${root}/closed cannot be read: EACCES`);
  writeFileSync(at("open/file"), "saved");
  await watching.tells('"paths":["open/file"]');
  chmodSync(at("closed"), 0o755);
  await watching.tells("closed/inside");
  writeFileSync(at("closed/later"), "saved");
  await watching.tells('"paths":["closed/later"]');
  expect(watching.said.split("cannot be read").length).toBe(2);
});

it("looks at everything when more has happened than the kernel keeps", async (context) => {
  const queue = Number(readFileSync("/proc/sys/fs/inotify/max_queued_events", "utf8"));
  context.skip(queue > 500_000, `the kernel keeps ${queue} events here`);
  mkdirSync(at("deep"));
  for (const path of ["a", "b", "deep/late"]) writeFileSync(at(path), "first");
  using watching = new WatchingProcess(process.execPath, SCRIPT, root);
  await watching.tells('"type":"ready"');
  await watching.sleepDuring(() => {
    for (let event = 0; event <= queue; event++) chmodSync(at(event % 2 ? "a" : "b"), 0o600);
    // Of this one the kernel tells nothing any more.
    writeFileSync(at("deep/late"), "saved");
  });
  await watching.tells("deep/late");
});
