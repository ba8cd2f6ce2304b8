export { type ImageInspection, inspectImage } from "./catalog/inspect.ts";
export { type ImageSummary, listImages } from "./catalog/list.ts";
export { resolveImage } from "./catalog/resolve.ts";
export { tagImage } from "./catalog/tag.ts";
export type * from "./contract.ts";
export {
  familiarName,
  familiarRepository,
  type ImageReference,
  normalReference,
  parseReference,
} from "./reference.ts";
export type { ImageCatalog, ImageStore } from "./store.ts";
