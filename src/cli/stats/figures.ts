import { binarySize } from "../../lib/byte-size.ts";
import { humanSize } from "../render/byte-size.ts";
import type { Sample } from "./sample.ts";

/** A line of `stats`, with the fields of `docker stats --format json`. */
export type Figures = {
  readonly BlockIO: string;
  readonly CPUPerc: string;
  readonly Container: string;
  readonly ID: string;
  readonly MemPerc: string;
  readonly MemUsage: string;
  readonly Name: string;
  readonly NetIO: string;
  readonly PIDs: string;
};

const UNKNOWN = "--";

/** What a sample says beside an earlier one of the same container; of what does not run, nothing is known. */
export function figuresOf(sample: Sample, before: Sample | undefined, shorten: boolean): Figures {
  const id = shorten ? sample.id.slice(0, 12) : sample.id;
  const subject = { Container: id, ID: id, Name: sample.name };
  const { used } = sample;
  if (!used) {
    const nothing = { BlockIO: UNKNOWN, CPUPerc: UNKNOWN, MemPerc: UNKNOWN, NetIO: UNKNOWN, PIDs: UNKNOWN };
    return { ...nothing, ...subject, MemUsage: `${UNKNOWN} / ${UNKNOWN}` };
  }
  const { memory, memoryLimit, network, io } = used;
  return {
    ...subject,
    BlockIO: io ? both(io.read, io.written) : `${UNKNOWN} / ${UNKNOWN}`,
    CPUPerc: percent(processorShare(sample, before)),
    MemPerc: percent(memoryLimit > 0 ? memory / memoryLimit : 0),
    MemUsage: `${binarySize(memory)} / ${binarySize(memoryLimit)}`,
    NetIO: both(network.received, network.sent),
    PIDs: String(used.processes),
  };
}

/** 1 is one processor, busy all the time. A container that was started again counts from nothing. */
function processorShare({ time, used }: Sample, before: Sample | undefined): number {
  if (!used || !before?.used || time <= before.time) return 0;
  return Math.max(0, used.cpu - before.used.cpu) / ((time - before.time) * 1e6);
}

const both = (one: number, other: number) => `${humanSize(one)} / ${humanSize(other)}`;

const percent = (share: number) => `${(share * 100).toFixed(2)}%`;
