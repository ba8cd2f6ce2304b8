// Loads 100,000 damaged Compose files and stops at the first that crashes the loader, takes long, or is refused in
// words that are no words. `npm run fuzz:compose [-- runs [seed]]`; a failure prints the seed that repeats it.
import fc from "fast-check";
import { mutated, realFiles } from "../test/compose/support/mutated-files.ts";
import { outcomeOf } from "../test/compose/support/outcome.ts";

const runs = Number(process.argv[2] ?? 100_000);
const firstSeed = Number(process.argv[3] ?? Date.now() % 2 ** 31);
const batch = 1_000;
const longestMilliseconds = 3_000;

const files = mutated(realFiles());
const counts = { loaded: 0, refused: 0 };
let slowest = 0;

function check(text) {
  const started = process.cpuUsage();
  counts[outcomeOf(text)]++;
  const { user, system } = process.cpuUsage(started);
  const milliseconds = (user + system) / 1000;
  slowest = Math.max(slowest, milliseconds);
  if (milliseconds > longestMilliseconds) throw new Error(`took ${milliseconds} ms`);
}

for (let done = 0; done < runs; done += batch) {
  const seed = (firstSeed + done) | 0;
  try {
    fc.assert(fc.property(files, check), { seed, numRuns: Math.min(batch, runs - done) });
  } catch (failure) {
    console.error(`after ${done} inputs, seed ${seed}:\n${failure.stack}`);
    process.exit(1);
  }
  if ((done / batch) % 10 === 9)
    console.log(`${done + batch} inputs, ${JSON.stringify(counts)}, slowest ${slowest.toFixed(0)} ms`);
}
console.log(
  `survived ${counts.loaded + counts.refused} inputs: ${counts.loaded} loaded, ${counts.refused} refused`,
);
