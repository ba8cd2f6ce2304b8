import { attach } from "./commands/attach.ts";
import { build } from "./commands/build.ts";
import { builder } from "./commands/builder/group.ts";
import { commit } from "./commands/commit.ts";
import { completeWords, completion } from "./commands/completion.ts";
import { config } from "./commands/config.ts";
import { cp } from "./commands/cp.ts";
import { create } from "./commands/create.ts";
import { diff } from "./commands/diff.ts";
import { doctor } from "./commands/doctor.ts";
import { down } from "./commands/down.ts";
import { events } from "./commands/events.ts";
import { exec } from "./commands/exec.ts";
import { explain } from "./commands/explain.ts";
import { exportVerb } from "./commands/export.ts";
import { graph } from "./commands/graph.ts";
import { image } from "./commands/image/group.ts";
import { images } from "./commands/images.ts";
import { inspect } from "./commands/inspect.ts";
import { kill } from "./commands/kill.ts";
import { login, logout } from "./commands/login.ts";
import { logs } from "./commands/logs.ts";
import { ls } from "./commands/ls.ts";
import { network } from "./commands/network/group.ts";
import { pause, unpause } from "./commands/pause.ts";
import { plan } from "./commands/plan.ts";
import { port } from "./commands/port.ts";
import { ps } from "./commands/ps.ts";
import { pull } from "./commands/pull.ts";
import { push } from "./commands/push.ts";
import { bridge, publish } from "./commands/refused.ts";
import { restart } from "./commands/restart.ts";
import { rm } from "./commands/rm.ts";
import { run } from "./commands/run.ts";
import { scale } from "./commands/scale.ts";
import { secret } from "./commands/secret/group.ts";
import { snapshot } from "./commands/snapshot/group.ts";
import { start } from "./commands/start.ts";
import { stats } from "./commands/stats.ts";
import { stop } from "./commands/stop.ts";
import { system } from "./commands/system/group.ts";
import { test } from "./commands/test.ts";
import { timeline } from "./commands/timeline.ts";
import { top } from "./commands/top.ts";
import { up } from "./commands/up.ts";
import { version } from "./commands/version.ts";
import { volume } from "./commands/volume/group.ts";
import { volumes } from "./commands/volumes.ts";
import { wait } from "./commands/wait.ts";
import { watch } from "./commands/watch.ts";
import { why } from "./commands/why.ts";
import type { Verb, VerbGroup } from "./verb.ts";

/** Every command, in the order of the help. */
export const VERBS: readonly (Verb | VerbGroup)[] = [
  up,
  down,
  ps,
  logs,
  events,
  why,
  exec,
  attach,
  run,
  create,
  plan,
  scale,
  start,
  stop,
  restart,
  kill,
  pause,
  unpause,
  wait,
  rm,
  port,
  snapshot,
  test,
  timeline,
  top,
  inspect,
  stats,
  cp,
  diff,
  exportVerb,
  commit,
  watch,
  build,
  builder,
  config,
  explain,
  graph,
  pull,
  push,
  publish,
  bridge,
  images,
  volumes,
  volume,
  ls,
  image,
  network,
  system,
  login,
  logout,
  secret,
  doctor,
  completion,
  version,
  completeWords,
];
