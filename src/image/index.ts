export { type BuiltImage, storeBuiltImage } from "./archive/built-image.ts";
export { applyChanges } from "./archive/changes.ts";
export { importRootfs } from "./archive/import.ts";
export { type LoadedImage, loadArchive } from "./archive/load.ts";
export { saveImages } from "./archive/save.ts";
export { type HistoryStep, imageHistory } from "./catalog/history.ts";
export { type ImageInspection, inspectImage } from "./catalog/inspect.ts";
export { type ImageSummary, listImages } from "./catalog/list.ts";
export { pruneImages } from "./catalog/prune.ts";
export { type ImageUsers, removeImage } from "./catalog/remove.ts";
export { type BaseImage, resolveBase, resolveImage } from "./catalog/resolve.ts";
export { taggedAt, tagImage } from "./catalog/tag.ts";
export { imageUsage } from "./catalog/usage.ts";
export { collectGarbage } from "./collect.ts";
export { Hold, holdImages } from "./content/hold.ts";
export type * from "./contract.ts";
export { readAttributes, type TreeAttributes } from "./layer/attributes.ts";
export {
  blobFile,
  commitLayer,
  importLayer,
  isLayerStored,
  type StoredLayer,
  storeLayer,
  unpackedLayer,
} from "./layer/commit-layer.ts";
export { TreeProcess } from "./layer/tree-process.ts";
export { unpackArchive } from "./layer/unpack-archive.ts";
export {
  isForeignAttribute,
  marksOpaque,
  OPAQUE_MARK,
  WHITEOUT_PREFIX,
  whiteoutEntry,
} from "./layer/whiteout.ts";
export type { ImageConfiguration, Platform } from "./oci.ts";
export { hostPlatform, parsePlatform, platformText, runsOn } from "./platform.ts";
export {
  familiarName,
  familiarRepository,
  normalReference,
  parseReference,
} from "./reference.ts";
export type { PullEvent } from "./registry/layer-progress.ts";
export type { PulledImage, PullRequest } from "./registry/pull-image.ts";
export { Puller } from "./registry/puller.ts";
export { type PushedImage, pushImage } from "./registry/push-image.ts";
export { RegistryClient } from "./registry/registry-client.ts";
export { readRegistrySettings } from "./registry/settings.ts";
export type { ImageStore } from "./store.ts";
export { describeEntry } from "./tar/describe-entry.ts";
export type { TarEntry } from "./tar/entry.ts";
export { readTar } from "./tar/read-tar.ts";
export { encodeHeader, endOfArchive, paddingOf } from "./tar/write-header.ts";
