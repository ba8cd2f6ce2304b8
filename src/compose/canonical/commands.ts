import { list, scalar, text } from "../document/node.ts";
import { type CanonicalTransform, refuse } from "./context.ts";
import { splitWords } from "./split-words.ts";

/** A command as a string is split into words as a shell would. Null stays: the image's own command. */
export const toCommand: CanonicalTransform = (node, path, context) => {
  const written = text(node);
  if (written === undefined) return node;
  const split = splitWords(written);
  if ("message" in split) {
    return refuse(node, path, context, {
      message: split.message,
      hint: "close the quote, or write a list of words",
    });
  }
  if (split.rest) {
    context.report.warning({
      code: "invalid-value",
      message: `${JSON.stringify(split.rest)} is ignored: a command is not run by a shell`,
      origin: node.origin,
      path,
      hint: `for pipes and the like write: ["sh", "-c", ${JSON.stringify(written.trim())}]`,
    });
  }
  return list(
    split.words.map((word) => scalar(word, node.origin)),
    node.origin,
  );
};

/** A health check as a string is a shell command. */
export const toHealthcheckTest: CanonicalTransform = (node) => {
  const written = text(node);
  if (written === undefined) return node;
  return list([scalar("CMD-SHELL", node.origin), scalar(written, node.origin)], node.origin);
};
