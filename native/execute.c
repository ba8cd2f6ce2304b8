#include "execute.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdio.h>
#include <sys/vfs.h>
#include <sys/file.h>
#include <unistd.h>

#include "credentials.h"
#include "descriptor.h"
#include "device_filter.h"
#include "files.h"
#include "limits.h"
#include "mounts.h"
#include "program.h"

static int join_cgroup(const struct op_cgroup_join *op, struct failure *failure);

int execute_anywhere(const struct op *op, struct net_context *network, struct failure *failure) {
  if (namespace_executes(op->code)) return namespace_execute(op, failure);
  if (mount_executes(op->code)) return mount_execute(op, failure);
  if (file_executes(op->code)) return file_execute(op, failure);
  if (limits_executes(op->code)) return limits_execute(op, failure);
  if (credentials_executes(op->code)) return credentials_execute(op, failure);
  if (net_executes(op->code)) return net_execute(op, network, failure);
  if (op->code == OP_DEVICE_FILTER) return device_filter_execute(&op->device_filter, failure);
  if (op->code == OP_CGROUP_JOIN) return join_cgroup(&op->cgroup_join, failure);
  if (op->code == OP_HOLD) return lock_hold(&op->hold, failure);
  if (op->code == OP_CWD) return program_enter_directory(&op->cwd, failure);
  return fail(failure, ENOSYS, "-", "this operation cannot be executed here");
}

int cgroup_open(const char *path) {
  char members[PATH_MAX];
  /* A thread moves at once; a process, which may have more of them, waits for the whole machine's processors (10 ms). */
  const char *file = cgroup_is_unified(path) ? "cgroup.procs" : "tasks";
  int length = snprintf(members, sizeof members, "%s/%s", path, file);
  if (length < 0 || (size_t)length >= sizeof members) {
    errno = ENAMETOOLONG;
    return -1;
  }
  return open(members, O_WRONLY | O_CLOEXEC);
}

bool cgroup_is_unified(const char *path) {
  struct statfs file_system;
  return statfs(path, &file_system) == 0 && file_system.f_type == CGROUP2_SUPER_MAGIC;
}

int cgroup_join(int fd) {
  return write(fd, "0", 1) == 1 ? 0 : -1;
}

int lock_hold(const struct op_hold *op, struct failure *failure) {
  int fd = open(op->path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return fail(failure, errno, op->path, "opening the lock file");
  if (flock(fd, LOCK_SH) == 0) return 0;
  fail(failure, errno, op->path, "taking the lock");
  close(fd);
  return -1;
}

static int join_cgroup(const struct op_cgroup_join *op, struct failure *failure) {
  OWNED_DESCRIPTOR procs = cgroup_open(op->path);
  if (procs < 0) return fail(failure, errno, op->path, "opening the cgroup");
  return cgroup_join(procs) < 0 ? fail(failure, errno, op->path, "joining the cgroup") : 0;
}
