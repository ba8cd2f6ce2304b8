/** Milliseconds of the machine's monotonic clock: the same for all processes, untouched when the date is set. */
export const monotonicNow = (): number => Math.round(Number(process.hrtime.bigint() / 1000n)) / 1000;
