export type { LimitWarning } from "./cgroup/apply-limits.ts";
export { ContainerCgroup } from "./cgroup/container-cgroup.ts";
export type { ResourceUsage } from "./cgroup/usage.ts";
export type * from "./contract.ts";
export { missingSecurity } from "./launch/host-security.ts";
export { Launcher } from "./launch/launcher.ts";
export {
  type FormerContainer,
  forgetLogs,
  formerContainers,
  formerDirectory,
  keepLog,
} from "./logs/former-logs.ts";
export { lastLogLines } from "./logs/last-lines.ts";
export type { LogLine } from "./logs/log-line.ts";
export { type LogRange, LogReader } from "./logs/log-reader.ts";
export { mergeLines } from "./logs/merge-lines.ts";
export { MonitorClient, type OutputListener } from "./monitor/monitor-client.ts";
export { findRuntime, KNOWN_RUNTIMES, type OciRuntime } from "./oci/find-runtime.ts";
export { madeBy } from "./oci/made-by.ts";
export { runtimeComplaint } from "./oci/runtime-complaint.ts";
export { planForRuntime } from "./oci/runtime-plan.ts";
export { planFor } from "./plan/container-plan.ts";
export { withMountOf, withNetworkHeldBy, withNetworkOf } from "./plan/shared-namespaces.ts";
export { type ContainerProcess, containerProcesses } from "./process/container-processes.ts";
export { type CapturedExec, execCaptured, execHook } from "./process/exec-captured.ts";
export { execForeground } from "./process/exec-foreground.ts";
export type { ExecSettings } from "./process/exec-process.ts";
export { type NetworkTraffic, networkTraffic } from "./process/network-traffic.ts";
export { rehearseExec } from "./process/rehearse-exec.ts";
export { canHandleStopSignal } from "./process/stop-signal.ts";
export type * from "./settings.ts";
export { buildSpec, NOTES_ANNOTATION } from "./spec/build-spec.ts";
export { readLayerFile } from "./spec/layer-files.ts";
export { containerOfNamespace } from "./spec/namespaces.ts";
export type { OciSpec } from "./spec/oci-spec.ts";
export { buildResources } from "./spec/resources.ts";
export { resolveUser } from "./spec/user.ts";
export { type HeldTree, holdContainer, holdContainerLayers, holdImageOf } from "./step/hold-container.ts";
export { type Holder, holdProgramNamespaces, holdTree } from "./step/holder.ts";
export type { StackedLayers } from "./step/overlay.ts";
export { runStep, type StepProgram } from "./step/run-step.ts";
export { readExit, readStatus } from "./store/container-status.ts";
export {
  createContainerDirectory,
  readContainers,
  readDefinition,
  readSpec,
  removeContainerDirectories,
  sweepContainers,
  writeRecord,
  writeSpec,
  writeState,
} from "./store/container-store.ts";
export { givenFilePath, hasGivenFile, removeGivenFiles, writeGivenFile } from "./store/given-files.ts";
