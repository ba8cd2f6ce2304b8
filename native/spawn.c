#include <errno.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "kernel.h"
#include "launch.h"

static void release_child_only(struct launch *launch);

int spawn_program(struct launch *launch, const int standard[3], struct program *program, struct failure *failure) {
  struct channel channel;
  if (launch->runtime) {
    release_child_only(launch);
    return runtime_start(launch, standard, program, failure);
  }
  if (channel_open(&channel) < 0) return fail(failure, errno, "-", "opening a channel to the child");
  /*
   * The root of a cgroup namespace is the cgroup of the process that makes it: the child makes it itself, when it
   * has joined the container's.
   */
  struct clone_args arguments = {
      .flags = (launch->spawn->flags & ~(uint64_t)CLONE_NEWCGROUP) | CLONE_PIDFD,
      .pidfd = (uint64_t)(uintptr_t)&program->pidfd,
      .exit_signal = SIGCHLD,
  };
  if (launch->in_unified) {
    arguments.flags |= CLONE_INTO_CGROUP;
    arguments.cgroup = (unsigned)launch->unified;
  }
  program->pid = kernel_clone3(&arguments);
  if (program->pid < 0) return fail(failure, errno, "-", "cloning with flags %#llx", (unsigned long long)arguments.flags);
  if (program->pid == 0) {
    close(channel.parent);
    child_run(launch, channel.child, standard);
  }
  close(channel.child);
  release_child_only(launch);
  int result = channel_await(channel.parent, &program->terminal, failure);
  close(channel.parent);
  if (result < 0) {
    kernel_pidfd_send_signal(program->pidfd, SIGKILL);
    waitpid(program->pid, NULL, __WALL);
  }
  return result;
}

/* The child has its own copies; a monitor would hold them for as long as the container runs. */
static void release_child_only(struct launch *launch) {
  for (uint32_t i = 0; i < launch->cgroup_count; i++) close(launch->cgroups[i]);
  launch->cgroup_count = 0;
  if (launch->in_unified) close(launch->unified);
  launch->in_unified = false;
  if (launch->joins_cgroup_namespace) close(launch->cgroup_namespace);
  launch->joins_cgroup_namespace = false;
  if (launch->uses_network) net_close(&launch->network);
  launch->uses_network = false;
}
