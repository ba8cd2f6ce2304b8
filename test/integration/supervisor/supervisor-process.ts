import { resolveRoots } from "../../../src/lib/paths.ts";
import { runSupervisor } from "../../../src/supervisor/index.ts";

/** What the keeper starts in these tests instead of `gantry __supervisor PROJECT`. */
await runSupervisor(resolveRoots(process.env, 0), process.argv[2]!, "test");
process.exit(0);
