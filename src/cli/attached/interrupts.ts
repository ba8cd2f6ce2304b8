/**
 * Counts SIGINT and SIGTERM while `work` runs: `onSignal` hears the first, the second and so on. Afterwards the signals
 * have their usual effect again.
 */
export async function withInterrupts<Result>(
  onSignal: (count: number) => void,
  work: () => Promise<Result>,
): Promise<Result> {
  let count = 0;
  const handle = () => onSignal(++count);
  process.on("SIGINT", handle);
  process.on("SIGTERM", handle);
  try {
    return await work();
  } finally {
    process.off("SIGINT", handle);
    process.off("SIGTERM", handle);
  }
}
