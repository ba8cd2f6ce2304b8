import { PathFilter } from "../../../src/watch/rules/filter.ts";
import { WatchSession } from "../../../src/watch/session/watch-session.ts";

// Watches a directory in rehearsal, as an ordinary user when one is given, and writes what it tells as lines of JSON:
// node session-process.ts DIRECTORY [UID]
const [path, uid] = process.argv.slice(2);
if (uid !== undefined) {
  process.setgroups!([]);
  process.setgid!(Number(uid));
  process.setuid!(Number(uid));
}
const door = {
  isRehearsal: true,
  containers: () => [],
  restart: async () => undefined,
  exec: async () => undefined,
  rebuild: async () => undefined,
  imageTime: () => undefined,
  manifestPath: () => "",
};
const rule = {
  id: "rule",
  service: "web",
  action: "sync",
  path: path!,
  target: "/app",
  initialSync: false,
  isMounted: false,
  filter: new PathFilter({ ignore: [], include: [], dockerIgnore: [], inContext: "" }),
} as const;
new WatchSession(door, [rule], (event) => {
  const told = "error" in event ? { ...event, error: event.error.message } : event;
  process.stdout.write(`${JSON.stringify(told)}\n`);
}).begin();
