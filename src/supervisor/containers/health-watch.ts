import type { Health, HealthcheckConfig, ProbeResult } from "../../runtime/index.ts";
import { afterProbe, type HealthMachine, nextProbeIn, resumeHealth } from "./health-machine.ts";
import type { Clock } from "./runtime-door.ts";

type Around = {
  readonly clock: Clock;
  readonly probe: () => Promise<ProbeResult>;
  /** `turned`: the status itself is another than before. */
  readonly onChange: (health: Health, turned: boolean) => void;
};

/** Probes a running container, eagerly until it is first healthy, until told to stop. */
export class HealthWatch {
  readonly #check: HealthcheckConfig;
  readonly #around: Around;
  #machine: HealthMachine;
  #cancel: () => void = () => undefined;
  #stopped = false;

  constructor(check: HealthcheckConfig, startedAt: number, known: Health | undefined, around: Around) {
    this.#check = check;
    this.#around = around;
    this.#machine = resumeHealth(known, startedAt);
  }

  get health(): Health {
    return this.#machine.health;
  }

  start(): void {
    if (this.#machine.health.log.length === 0) void this.#probe();
    else this.#schedule();
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel();
  }

  async #probe(): Promise<void> {
    const result = await this.#around.probe();
    if (this.#stopped) return;
    const before = this.#machine.health;
    this.#machine = afterProbe(this.#machine, this.#check, result);
    const { health } = this.#machine;
    const turned = before.status !== health.status;
    // A healthy container that stays so is not written down at every probe.
    if (turned || health.status !== "healthy") this.#around.onChange(health, turned);
    this.#schedule();
  }

  #schedule(): void {
    const { clock } = this.#around;
    this.#cancel = clock.after(
      nextProbeIn(this.#machine, this.#check, clock.now()),
      () => void this.#probe(),
    );
  }
}
