#include "user_namespace.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/file.h>

#include "descriptor.h"
#include "kernel.h"
#include "pause.h"
#include "process.h"
#include "surviving_namespace.h"

static int open_lock(const char *directory, const char *name, int operation, int flags, struct failure *failure);
static int enter_recorded(const char *record);
static int enter_or_make(const char *directory, const char *record, uid_t user, gid_t group, struct failure *failure);

int user_namespace_enter(const char *directory, uid_t user, gid_t group, struct failure *failure) {
  char record[PATH_MAX];
  snprintf(record, sizeof record, "%s/%s", directory, PAUSE_RECORD);
  /* Stays open in the program that is going to be executed: while that lives, so does the namespace. */
  if (open_lock(directory, PAUSE_LOCK, LOCK_SH, 0, failure) < 0) return -1;
  if (enter_recorded(record) == 0) return 0;
  OWNED_DESCRIPTOR start = open_lock(directory, "namespace.start", LOCK_EX, O_CLOEXEC, failure);
  if (start < 0) return -1;
  /* Another command was faster. */
  if (enter_recorded(record) == 0) return 0;
  return enter_or_make(directory, record, user, group, failure);
}

static int open_lock(const char *directory, const char *name, int operation, int flags, struct failure *failure) {
  char path[PATH_MAX];
  snprintf(path, sizeof path, "%s/%s", directory, name);
  int fd = open(path, O_RDONLY | O_CREAT | O_NOFOLLOW | flags, 0600);
  if (fd < 0) return fail(failure, errno, path, "opening the lock file");
  while (flock(fd, operation) < 0) {
    if (errno == EINTR) continue;
    fail(failure, errno, path, "taking the lock");
    close(fd);
    return -1;
  }
  return fd;
}

/* The start time is read after the pidfd is held: from then on the pid cannot be another process's. */
static int enter_recorded(const char *record) {
  int pid;
  unsigned long long recorded;
  uint64_t start_time;
  FILE *file = fopen(record, "re");
  int fields = file ? fscanf(file, "pid %d\nstart_time %llu", &pid, &recorded) : 0;
  if (file) fclose(file);
  if (fields != 2) return -1;
  OWNED_DESCRIPTOR pidfd = kernel_pidfd_open(pid, 0);
  if (pidfd < 0 || process_start_time(pid, &start_time) < 0 || start_time != recorded) return -1;
  return setns(pidfd, CLONE_NEWUSER);
}

/* A pause process that was killed may have left containers and keepers, which are in the namespace still. */
static int enter_or_make(const char *directory, const char *record, uid_t user, gid_t group, struct failure *failure) {
  OWNED_DESCRIPTOR surviving = surviving_namespace_open(user);
  if (surviving < 0) return pause_start_in_new(directory, record, user, group, failure);
  if (setns(surviving, CLONE_NEWUSER) < 0) return fail(failure, errno, "-", "entering the user namespace that survived");
  return pause_start(directory, record, failure);
}
