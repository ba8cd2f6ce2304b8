import type { Instruction } from "../dockerfile/instruction.ts";
import { changeTree, lowerDirectories } from "../engine/layer-tree.ts";
import type { StageRun } from "../engine/stage-run.ts";
import { bytesOf, resolveWithin } from "../tree/byte-path.ts";
import { workingDirectoryOf } from "./config.ts";
import { ownerOf } from "./owner.ts";

/** WORKDIR: the directory is made when it is missing, for the stage's user. */
export async function applyWorkdir(
  run: StageRun,
  instruction: Extract<Instruction, { kind: "workdir" | "user" | "stopsignal" | "maintainer" }>,
): Promise<void> {
  const path = workingDirectoryOf(run, run.variables.expand(instruction.value, instruction));
  const { config } = run.draft;
  config.WorkingDir = path;
  if (path === "/") return run.note("WORKDIR /");
  const user = config.User ?? "";
  await run.makeLayer({
    instruction,
    inputs: ["workdir", path, user],
    history: `WORKDIR ${path}`,
    make: () => {
      const owner =
        user === "" ? { uid: 0, gid: 0 } : ownerOf(user, lowerDirectories(run.engine, run.draft.layers));
      return changeTree(
        run.engine,
        run.draft.layers,
        { owner, latest: run.request.epoch },
        async (writer) => {
          writer.makeParents(resolveWithin(writer.root, bytesOf(path), true));
        },
      );
    },
  });
}
