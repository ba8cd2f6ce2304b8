import { defaults } from "./defaults/table.ts";
import type { Node } from "./document/node.ts";
import { transform } from "./document/transform.ts";
import { applyExtends } from "./extends/apply-extends.ts";
import { applyIncludes, type Included } from "./include/apply-includes.ts";
import { prepareLayer, type Surroundings } from "./layer.ts";
import { dropEmptyOverrides } from "./merge/empty-overrides.ts";
import { merge } from "./merge/merge.ts";
import { dropRepeats } from "./merge/unique.ts";
import { documentsOf, type Session } from "./session.ts";

/**
 * Puts the files of one model together, in order: each with what it includes and extends, laid over those before.
 * Defaults come last, since a build context by default is the directory of this model, not of one that includes it.
 */
export function assemble(
  files: readonly string[],
  surroundings: Surroundings,
  session: Session,
  includedBy: Included = { files: [] },
): Node | undefined {
  let model: Node | undefined;
  for (const file of files) {
    for (const document of documentsOf(file, session, includedBy.at) ?? []) {
      const filled = dropEmptyOverrides(document, model);
      const layer = completeLayer(filled, file, surroundings, session, includedBy);
      model = dropRepeats(model ? merge(model, layer, session.report) : layer);
    }
  }
  return model && transform(model, defaults, { projectDirectory: surroundings.directory });
}

function completeLayer(
  document: Node,
  file: string,
  surroundings: Surroundings,
  session: Session,
  includedBy: Included,
): Node {
  const layer = prepareLayer(document, surroundings, session);
  const within = { files: [...includedBy.files, file] };
  const included = applyIncludes(layer, surroundings, session, within, assemble);
  return applyExtends(included, file, surroundings, session);
}
