import { attachContainer } from "../attached/attach-container.ts";
import { connectMonitor } from "../attached/connect-monitor.ts";
import { runningContainer } from "../containers/select.ts";
import { wholeNumber } from "../option-values.ts";
import { defineVerb } from "../verb.ts";

type AttachOptions = { readonly index?: number; readonly stdin: boolean };

/** `gantry attach` */
export const attach = defineVerb<AttachOptions>({
  name: "attach",
  summary: "Connect this terminal with a running container",
  refusesDryRun: true,
  declare: (command) =>
    command
      .argument("<service>")
      .option("--index <number>", "Number of the container", wholeNumber)
      .option("--no-stdin", "Only show output"),
  run: async (session, [service], { index, stdin }) => {
    const { record } = runningContainer(session, service!, index);
    const monitor = await connectMonitor(session.roots, record.id);
    return attachContainer(session, monitor, {
      tty: record.tty && session.stdinIsTerminal && session.stdout.isTerminal,
      stdin: stdin && record.stdinOpen,
    });
  },
});
