export { type Contents, resolveContents } from "./contents/contents.ts";
export { contentDigests } from "./contents/digests.ts";
export { readSource } from "./contents/source.ts";
export {
  createStoredContent,
  listStoredContents,
  removeStoredContent,
  type StoredContent,
} from "./contents/store.ts";
export { withDefaultBridge } from "./default-bridge.ts";
export {
  type DefinitionChange,
  networkChanges,
  serviceChanges,
} from "./definition-changes.ts";
export { type DesiredProject, type DesiredService, desiredProject, networkKeys } from "./desired.ts";
export { executePlan, type Outcome, type StepFailure } from "./execute.ts";
export { hashNetwork, hashService } from "./hash.ts";
export { noSuchService } from "./no-such-service.ts";
export { isUp, type ObservedContainer, type ObservedProject } from "./observed.ts";
export {
  type OwnedNetwork,
  type ProjectRecord,
  projectExists,
  projectNames,
  readProject,
  removeProject,
  writeProject,
} from "./ownership.ts";
export {
  type Action,
  describeAction,
  type Plan,
  printPlan,
  type Step,
  type UpPlan,
  type WaitCondition,
} from "./plan.ts";
export { planDown, planRemove, planRestart, planStart, planStop } from "./plan-lifecycle.ts";
export { isNetworkDriver, withPredefinedNetworks } from "./predefined-networks.ts";
export { layersInUse, projectContainers } from "./readers.ts";
export { orphans, reconcile, type UpOptions } from "./reconcile.ts";
export { withSeccompProfiles } from "./seccomp-profiles.ts";
export { selectServices } from "./select-services.ts";
export { addressRows, SharedAddresses, sharedAllocation } from "./shared/shared-addresses.ts";
export { noteMember, otherMembers } from "./shared/shared-members.ts";
export { SharedNames } from "./shared/shared-names.ts";
export {
  createSharedNetwork,
  findSharedNetwork,
  listSharedNetworks,
  networkInUse,
  removeSharedNetwork,
  type SharedNetwork,
  usersOf,
} from "./shared/shared-networks.ts";
export {
  type ContainerInput,
  containerHostname,
  type TranslatedContainer,
  translateContainer,
} from "./translate/container.ts";
export { preStartService } from "./translate/hooks.ts";
export type { DecidedMount } from "./translate/mounts.ts";
export { portRequests } from "./translate/ports.ts";
export { translateUpdate } from "./translate/update.ts";
export {
  createVolume,
  listVolumes,
  readVolume,
  removeVolume,
  type StoredVolume,
  volumeCopiedMarker,
  volumeDataDirectory,
} from "./volumes.ts";
