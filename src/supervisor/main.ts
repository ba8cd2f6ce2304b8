import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { projectRunDirectory, type Roots } from "../lib/paths.ts";
import { rootlessUser } from "../lib/user-namespace.ts";
import { leaveUplink } from "../net/index.ts";
import { readProject } from "../project/index.ts";
import { adoptContainers } from "./adopt.ts";
import { Warden } from "./binding/warden.ts";
import { systemClock } from "./containers/runtime-door.ts";
import { EventHub } from "./event-hub.ts";
import { HostDoor } from "./host/host-door.ts";
import { appendToJournal } from "./journal.ts";
import { ProjectSupervision } from "./project-supervision.ts";
import { Supervisor } from "./supervisor.ts";
import { TimelineRecorder } from "./timeline/recorder.ts";

/**
 * The project's one long-lived process, started by the keeper inside the project namespace. Resolves when there is
 * nothing left to look after; the process is then to exit with 0, so that keeper and namespace go too.
 */
export async function runSupervisor(roots: Roots, name: string, version: string): Promise<void> {
  const directory = projectRunDirectory(roots, name);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const record = readProject(roots, name);
  const hub = new EventHub();
  const door = new HostDoor(roots, name, version, record?.networks ?? []);
  const warden = new Warden(roots, name);
  const timeline = new TimelineRecorder(roots, name);
  const around = {
    noteProbe: timeline.probe,
    door,
    clock: systemClock,
    publish: (event: Parameters<typeof hub.publish>[0]) => hub.publish(event),
  };
  const supervision = new ProjectSupervision({ roots, name, door, hub, around, timeline, warden }, record);
  hub.subscribe((event) => appendToJournal(roots, name, event));
  await adoptContainers(supervision, door);
  const supervisor = new Supervisor(supervision, join(directory, "control.sock"), version);
  hub.subscribe(() => supervisor.reconsider());
  await supervisor.listen();
  warden.begin((_why, { volumes }) => void supervisor.sweep(volumes));
  await supervisor.ended;
  if (rootlessUser(process.env) === undefined) await leaveUplink();
}
