import { Argument } from "commander";
import { complete } from "../completion/complete.ts";
import { namesOf } from "../completion/names.ts";
import { COMPLETION_SCRIPTS, SHELLS, type Shell } from "../completion/scripts.ts";
import { defineVerb } from "../verb.ts";

/** `gantry completion SHELL` */
export const completion = defineVerb({
  name: "completion",
  summary: "Print what a shell needs to complete gantry's commands",
  unprivileged: true,
  declare: (command) => command.addArgument(new Argument("<shell>", "Your shell").choices(SHELLS)),
  run: (session, [shell]) => {
    session.stdout.write(COMPLETION_SCRIPTS[shell as Shell]);
    return undefined;
  },
});

/** `gantry __complete -- WORD…`: what the scripts ask. */
export const completeWords = defineVerb({
  name: "__complete",
  summary: "Candidates for the last of these words",
  unprivileged: true,
  declare: (command) => command.argument("[words...]"),
  run: (session, words, _options, program) => {
    const completion = complete(program, words, namesOf(session));
    const lines =
      completion === "files"
        ? [":files"]
        : completion.words.map(({ word, description }) => (description ? `${word}\t${description}` : word));
    session.stdout.write(lines.map((line) => `${line}\n`).join(""));
    return undefined;
  },
});
