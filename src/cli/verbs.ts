import { config } from "./commands/config.ts";
import { doctor } from "./commands/doctor.ts";
import { version } from "./commands/version.ts";
import type { Verb, VerbGroup } from "./verb.ts";

/** Every command, in the order of the help. */
export const VERBS: readonly (Verb | VerbGroup)[] = [config, doctor, version];
