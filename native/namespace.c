/* Entering and leaving namespaces, and kernel parameters, which belong to them. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "execute.h"
#include "kernel.h"
#include "process.h"
#include "subcommands.h"

static int join_path(const struct op_setns *op, struct failure *failure);
static int join_process(const struct op_setns_process *op, struct failure *failure);
static int set_kernel_parameter(const struct op_sysctl *op, struct failure *failure);

bool namespace_executes(enum op_code code) {
  return code == OP_SETNS || code == OP_SETNS_PROCESS || code == OP_UNSHARE || code == OP_SYSCTL;
}

int namespace_execute(const struct op *op, struct failure *failure) {
  switch ((unsigned)op->code) {
    case OP_SETNS:
      return join_path(&op->setns, failure);
    case OP_SETNS_PROCESS:
      return join_process(&op->setns_process, failure);
    case OP_UNSHARE:
      if (unshare((int)op->unshare.flags) == 0) return 0;
      return fail(failure, errno, "-", "leaving namespaces %#llx", (unsigned long long)op->unshare.flags);
    default:
      return set_kernel_parameter(&op->sysctl, failure);
  }
}

static int join_path(const struct op_setns *op, struct failure *failure) {
  int fd = open(op->path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return fail(failure, errno, op->path, "opening the namespace");
  int error = setns(fd, (int)op->flags) < 0 ? errno : 0;
  close(fd);
  return error ? fail(failure, error, op->path, "joining the namespace") : 0;
}

static int join_process(const struct op_setns_process *op, struct failure *failure) {
  int process;
  if (namespace_join(op, 0, &process, failure) < 0) return -1;
  close(process);
  return 0;
}

/* The start time is read after the pidfd is held: from then on the pid cannot be another process's. */
int namespace_join(const struct op_setns_process *op, uint64_t later, int *process, struct failure *failure) {
  char subject[24];
  snprintf(subject, sizeof subject, "%u", op->pid);
  int pidfd = kernel_pidfd_open((pid_t)op->pid, 0);
  if (pidfd < 0) return fail(failure, errno, subject, "opening the process");
  uint64_t start_time, now = op->flags & ~later;
  int error = 0;
  if (process_start_time((pid_t)op->pid, &start_time) < 0 || start_time != op->start_time) error = ESRCH;
  else if (now != 0 && setns(pidfd, (int)now) < 0) error = errno;
  *process = pidfd;
  if (error == 0) return 0;
  close(pidfd);
  if (error == ESRCH) return fail(failure, error, subject, "the process has ended");
  return fail(failure, error, subject, "joining the namespaces of the process");
}

/* In a key without slashes dots separate, as sysctl(8) has it; a slash anywhere means the key is a path already. */
static int set_kernel_parameter(const struct op_sysctl *op, struct failure *failure) {
  char path[512];
  int length = snprintf(path, sizeof path, "/proc/sys/%s", op->key);
  if (length < 0 || (size_t)length >= sizeof path || strstr(op->key, "..")) {
    return fail(failure, EINVAL, op->key, "not the name of a kernel parameter");
  }
  if (!strchr(op->key, '/')) {
    for (char *c = path + strlen("/proc/sys/"); *c; c++) {
      if (*c == '.') *c = '/';
    }
  }
  int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0 && errno == ENOENT && op->optional) return 0;
  if (fd < 0) return fail(failure, errno, op->key, "opening the kernel parameter");
  size_t size = strlen(op->value);
  int error = write(fd, op->value, size) == (ssize_t)size ? 0 : errno ? errno : EIO;
  close(fd);
  return error ? fail(failure, error, op->key, "setting the kernel parameter to %s", op->value) : 0;
}
