#include "pause.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "descriptor.h"
#include "id_mapping.h"
#include "kernel.h"
#include "records.h"
#include "subcommands.h"

/* A pause process that waits for permission to stay. */
struct candidate {
  pid_t pid;
  int pidfd;
  int channel;
};

static int start(struct candidate *candidate, int unshared, const char *directory, struct failure *failure);
static int keep(struct candidate *candidate, const char *record, struct failure *failure);
static int give_up(struct candidate *candidate);

int pause_start(const char *directory, const char *record, struct failure *failure) {
  struct candidate candidate;
  if (start(&candidate, 0, directory, failure) < 0) return -1;
  return keep(&candidate, record, failure);
}

int pause_start_in_new(const char *directory, const char *record, uid_t user, gid_t group, struct failure *failure) {
  struct candidate candidate;
  if (start(&candidate, CLONE_NEWUSER, directory, failure) < 0) return -1;
  if (map_ids(candidate.pid, user, group, failure) < 0) return give_up(&candidate);
  if (setns(candidate.pidfd, CLONE_NEWUSER) < 0) {
    fail(failure, errno, "-", "entering the new user namespace");
    return give_up(&candidate);
  }
  return keep(&candidate, record, failure);
}

/*
 * One errno comes from it: what became of its namespace. Nothing of the caller's may be kept for long: not its terminal
 * and standard streams, not its arguments and environment, which may hold secrets, not its share of the lock.
 */
static _Noreturn void be_candidate(int channel, int unshared, const char *directory) {
  char permission, name[] = "gantry-shim", subcommand[] = "pause", place[PATH_MAX];
  char *argv[] = {name, subcommand, place, NULL}, *environment[] = {NULL};
  int error = unshared && unshare(unshared) < 0 ? errno : 0;
  if (send(channel, &error, sizeof error, MSG_NOSIGNAL) != sizeof error || error) _exit(EXIT_HELPER_FAILED);
  if (recv(channel, &permission, 1, 0) != 1) _exit(EXIT_HELPER_FAILED);
  snprintf(place, sizeof place, "%s", directory);
  setsid();
  kernel_close_range(0, ~0U, 0);
  execve("/proc/self/exe", argv, environment);
  _exit(EXIT_HELPER_FAILED);
}

static int start(struct candidate *candidate, int unshared, const char *directory, struct failure *failure) {
  int pair[2], error = 0;
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0) {
    return fail(failure, errno, "-", "opening a channel to the pause process");
  }
  candidate->pid = fork();
  if (candidate->pid == 0) {
    close(pair[0]);
    be_candidate(pair[1], unshared, directory);
  }
  close(pair[1]);
  candidate->channel = pair[0];
  candidate->pidfd = candidate->pid < 0 ? -1 : kernel_pidfd_open(candidate->pid, 0);
  if (candidate->pidfd < 0 || recv(pair[0], &error, sizeof error, 0) != sizeof error) error = errno ? errno : ECHILD;
  if (!error) return 0;
  fail(failure, error, "-", "making a user namespace");
  return give_up(candidate);
}

/* The record first: a pause process that nobody could find would keep a second namespace from being the only one. */
static int keep(struct candidate *candidate, const char *record, struct failure *failure) {
  if (write_pause_record(record, candidate->pid) < 0) {
    fail(failure, errno, record, "writing down the pause process");
    return give_up(candidate);
  }
  int kept = send(candidate->channel, "", 1, MSG_NOSIGNAL) == 1 ? 0 : -1;
  if (kept < 0) fail(failure, errno, "-", "keeping the pause process");
  close(candidate->channel);
  descriptor_close(&candidate->pidfd);
  return kept;
}

static int give_up(struct candidate *candidate) {
  close(candidate->channel);
  if (candidate->pid > 0) waitpid(candidate->pid, NULL, 0);
  descriptor_close(&candidate->pidfd);
  return -1;
}

int pause_main(const char *directory) {
  char path[PATH_MAX];
  prctl(PR_SET_NAME, "gantry-pause", 0, 0, 0);
  for (int fd = open("/dev/null", O_RDWR); fd >= 0 && fd < STDERR_FILENO;) fd = dup(fd);
  snprintf(path, sizeof path, "%s/%s", directory, PAUSE_LOCK);
  int lock = open(path, O_RDONLY | O_CLOEXEC);
  if (chdir("/") < 0 || lock < 0) return EXIT_HELPER_FAILED;
  while (flock(lock, LOCK_EX) < 0 && errno == EINTR) continue;
  /* Whoever comes now waits for the lock, which ends with this process, and finds no record. */
  snprintf(path, sizeof path, "%s/%s", directory, PAUSE_RECORD);
  unlink(path);
  return 0;
}
