import { removeSnapshot, requireSnapshot } from "../../snapshots/store.ts";
import { defineVerb } from "../../verb.ts";

/** `gantry snapshot rm` */
export const snapshotRm = defineVerb<Record<string, never>>({
  name: "rm",
  summary: "Remove snapshots",
  refusesDryRun: true,
  declare: (command) => command.argument("<names...>"),
  run: async (session, names) => {
    for (const name of names) {
      requireSnapshot(session.roots, name);
      await removeSnapshot(session.roots, name);
      session.stdout.write(`${name}\n`);
    }
    return undefined;
  },
});
