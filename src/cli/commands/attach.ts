import { Option } from "commander";
import { GantryError } from "../../lib/diagnostic.ts";
import { attachContainer } from "../attached/attach-container.ts";
import { connectMonitor } from "../attached/connect-monitor.ts";
import { DEFAULT_DETACH_KEYS, parseDetachKeys } from "../attached/detach-keys.ts";
import { runningContainer } from "../containers/select.ts";
import { trueOrFalse, wholeNumber } from "../option-values.ts";
import { defineVerb } from "../verb.ts";

type AttachOptions = {
  readonly detachKeys: readonly number[];
  readonly index?: number;
  readonly sigProxy: boolean;
  readonly stdin: boolean;
};

/** `gantry attach` */
export const attach = defineVerb<AttachOptions>({
  name: "attach",
  summary: "Connect this terminal with a running container",
  refusesDryRun: true,
  declare: (command) =>
    command
      .argument("<service>")
      .addOption(
        new Option("--detach-keys <keys>", "Keys by which to leave it running")
          .argParser(parseDetachKeys)
          .default(DEFAULT_DETACH_KEYS, "ctrl-p,ctrl-q"),
      )
      .option("--index <number>", "Number of the container", wholeNumber)
      .option("--no-stdin", "Only show output")
      .option("--sig-proxy [boolean]", "Pass signals on to the program", trueOrFalse, true),
  run: async (session, [service], { detachKeys, index, sigProxy, stdin }) => {
    const { record, status } = runningContainer(session, service!, index);
    if (status === "paused") {
      throw new GantryError("container-paused", `container ${record.name} is paused`, {
        hint: "run `gantry unpause` first",
      });
    }
    const monitor = await connectMonitor(session.roots, record.id);
    return attachContainer(session, monitor, {
      tty: record.tty && session.stdinIsTerminal && session.stdout.isTerminal,
      stdin: stdin && record.stdinOpen,
      detachKeys,
      passSignals: sigProxy,
    });
  },
});
