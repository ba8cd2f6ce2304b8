/* The child of a launch: everything between clone and execve. */
#include <errno.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>

#include "execute.h"
#include "kernel.h"
#include "launch.h"
#include "program.h"
#include "reaper.h"
#include "terminal.h"

/* What programs get unless the plan says otherwise (umask). */
#define DEFAULT_UMASK 0022

static int begin(struct launch *launch, int channel, const int standard[3], struct failure *failure);
static int execute(struct launch *launch, const struct op *op, int channel, pid_t *reaper, struct failure *failure);
static int die_with_parent(int channel, pid_t reaper);

void child_run(struct launch *launch, int channel, const int standard[3]) {
  struct failure failure = {0};
  enum op_code code = OP_SPAWN;
  pid_t reaper = 0;
  int result = begin(launch, channel, standard, &failure);
  for (uint32_t i = launch->spawn_index + 1; result == 0 && i < launch->plan.count; i++) {
    code = launch->plan.ops[i].code;
    result = execute(launch, &launch->plan.ops[i], channel, &reaper, &failure);
  }
  channel_send_failure(channel, code, &failure);
  _exit(EXIT_HELPER_FAILED);
}

/* A session of its own: the terminal of the client would otherwise signal the program past the helper. */
static int begin(struct launch *launch, int channel, const int standard[3], struct failure *failure) {
  setsid();
  umask(DEFAULT_UMASK);
  if (die_with_parent(channel, 0) < 0) _exit(EXIT_HELPER_FAILED);
  for (int i = 0; i < 3; i++) {
    if (standard[i] >= 0 && dup2(standard[i], i) < 0) return fail(failure, errno, "-", "setting descriptor %d", i);
  }
  for (uint32_t i = 0; i < launch->cgroup_count; i++) {
    if (cgroup_join(launch->cgroups[i]) < 0) return fail(failure, errno, "cgroup", "joining it");
  }
  if (launch->joins_cgroup_namespace && setns(launch->cgroup_namespace, CLONE_NEWCGROUP) < 0) {
    return fail(failure, errno, "-", "joining the cgroup namespace");
  }
  if ((launch->spawn->flags & CLONE_NEWCGROUP) && unshare(CLONE_NEWCGROUP) < 0) {
    return fail(failure, errno, "-", "making the cgroup namespace");
  }
  return 0;
}

static int execute(struct launch *launch, const struct op *op, int channel, pid_t *reaper, struct failure *failure) {
  switch ((unsigned)op->code) {
    case OP_TERMINAL:
      return terminal_open(&op->terminal, launch->spawn, channel, failure);
    case OP_INIT:
      return reaper_stay(channel, reaper, failure);
    case OP_EXEC:
      /* Armed once more: a change of credentials has disarmed it. */
      if (die_with_parent(channel, *reaper) < 0) _exit(EXIT_HELPER_FAILED);
      return program_execute(&op->exec, failure);
    default:
      return execute_anywhere(op, &launch->network, failure);
  }
}

/* The parent may have gone before the signal was armed: ask whether it is still there afterwards. */
static int die_with_parent(int channel, pid_t reaper) {
  prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  if (reaper > 0) return getppid() == reaper ? 0 : -1;
  return channel_is_abandoned(channel) ? -1 : 0;
}
