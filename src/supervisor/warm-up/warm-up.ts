import type { Project } from "../../compose/index.ts";
import type { Image } from "../../image/index.ts";
import { Warden } from "../binding/warden.ts";
import { EventHub } from "../event-hub.ts";
import { up } from "../methods/up.ts";
import { ProjectSupervision } from "../project-supervision.ts";
import { TimelineRecorder } from "../timeline/recorder.ts";
import { rehearsalDoor } from "./rehearsal-door.ts";

const IMAGE: Image = {
  id: `sha256:${"0".repeat(64)}`,
  references: [],
  architecture: "amd64",
  os: "linux",
  created: undefined,
  size: 0,
  config: { Cmd: ["true"], Env: ["PATH=/bin"] },
  layerDirectories: [],
};

/**
 * Rehearses an `up` of the project while the supervisor's start-up snapshot is made, so that the functions it takes
 * are compiled in the snapshot (src/cli/start/warm-up.ts). Nothing of the machine is touched.
 */
export async function warmUpSupervisor(project: Project): Promise<void> {
  const roots = { data: "/nonexistent", run: "/nonexistent" };
  const door = rehearsalDoor(roots);
  const hub = new EventHub();
  const clock = { now: () => 0, after: () => () => undefined };
  const warden = new Warden(roots, project.name);
  const timeline = new TimelineRecorder(roots, project.name);
  const around = { door, clock, publish: () => undefined };
  const supervision = new ProjectSupervision(
    { roots, name: project.name, door, hub, around, timeline, warden },
    undefined,
  );
  const images = Object.fromEntries(Object.keys(project.services).map((name) => [name, IMAGE]));
  const context = { supervision, emit: () => undefined, signal: new AbortController().signal };
  await up(context, {
    project,
    images,
    workingDirectory: "/nonexistent",
    configFiles: [],
    services: [],
    noDeps: false,
    recreate: "diverged",
    removeOrphans: false,
    // The sample gives one address to a service of two.
    scale: { web: 1 },
    start: true,
    wait: false,
    waitTimeout: 0,
    dryRun: false,
  });
}
