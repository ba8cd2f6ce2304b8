import { constants } from "node:os";
import { projectContainers } from "../../project/index.ts";
import { canHandleStopSignal, readStatus } from "../../runtime/index.ts";
import { connectMonitor } from "../attached/connect-monitor.ts";
import type { Session } from "../session.ts";

const { SIGKILL } = constants.signals;

/** The container of a test while it runs: its output is shown, and it can be ended. */
export class RunningTest {
  readonly #session: Session;
  readonly #id: string;
  readonly #monitor: ReturnType<typeof connectMonitor>;
  #timer: NodeJS.Timeout | undefined;

  constructor(session: Session, id: string) {
    this.#session = session;
    this.#id = id;
    this.#monitor = connectMonitor(session.roots, id);
  }

  /** Shows its output until it ends; gives its exit code. */
  async end(): Promise<number> {
    const monitor = await this.#monitor;
    try {
      monitor.attach((stream, bytes) => this.#session[stream].write(bytes), { stdin: false });
      return (await monitor.ended)?.code ?? 128 + SIGKILL;
    } finally {
      clearTimeout(this.#timer);
      monitor.close();
    }
  }

  /** Asks it to end, and kills it when it cannot hear or has not ended in its grace period. */
  async stop(): Promise<void> {
    const found = projectContainers(this.#session.roots, this.#session.globals.projectName!).find(
      ({ record }) => record.id === this.#id,
    );
    if (!found) return;
    const { record, state } = found;
    const { process } = readStatus(this.#session.roots, this.#id, state, () => false);
    if (process && !canHandleStopSignal(process.pid, record.stopSignal)) return this.kill();
    (await this.#monitor).signal(record.stopSignal);
    this.#timer = setTimeout(() => void this.kill(), record.stopGracePeriod);
  }

  async kill(): Promise<void> {
    (await this.#monitor).signal(SIGKILL);
  }
}
