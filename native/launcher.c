/*
 * gantry-shim launcher: launches containers for a supervisor, until that closes the requests. A Node process is
 * expensive to fork, and each launch of its own would clone the helper's mount and execute it twice: here a
 * launch is one fork of a small process.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>

#include "kernel.h"
#include "launch.h"
#include "launcher_request.h"
#include "monitor.h"
#include "protect.h"

/* Launches at work at the same time; further requests wait. */
#define MAXIMUM_LAUNCHES 64

/* The processes that are to say what came of a launch: each ends as soon as that is known. */
static struct {
  pid_t pid;
  uint32_t number;
} launches[MAXIMUM_LAUNCHES];
static size_t launch_count;

static int watch_children(void);
static void reap(int children);
static int begin(void);

int launcher_main(void) {
  static char subcommand[] = "launcher";
  protect_executable(subcommand);
  prctl(PR_SET_NAME, "gantry-launcher", 0, 0, 0);
  kernel_close_range(STATUS_DESCRIPTOR + 1, ~0U, 0);
  int children = watch_children();
  if (children < 0) return EXIT_HELPER_FAILED;
  for (;;) {
    int requests = launch_count < MAXIMUM_LAUNCHES ? PLAN_DESCRIPTOR : -1;
    struct pollfd events[] = {{.fd = children, .events = POLLIN},
                              {.fd = requests, .events = POLLIN},
                              {.fd = STATUS_DESCRIPTOR, .events = 0}};
    if (poll(events, 3, -1) < 0) continue;
    if (events[0].revents) reap(children);
    /* What a supervisor that has died still wanted is its successor's to start: two would meet in one directory. */
    if (events[2].revents) return 0;
    if (events[1].revents && begin() < 0) return 0;
  }
}

static int watch_children(void) {
  sigset_t child;
  sigemptyset(&child);
  sigaddset(&child, SIGCHLD);
  sigprocmask(SIG_BLOCK, &child, NULL);
  return signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
}

static uint32_t forget(pid_t pid) {
  size_t i = 0;
  while (launches[i].pid != pid) i++;
  uint32_t number = launches[i].number;
  launches[i] = launches[--launch_count];
  return number;
}

/* One that was killed may not have told; the supervisor passes over what it hears twice. */
static void reap(int children) {
  struct signalfd_siginfo information;
  int status;
  pid_t pid;
  while (read(children, &information, sizeof information) > 0) continue;
  while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
    uint32_t number = forget(pid);
    if (!WIFSIGNALED(status)) continue;
    struct failure failure = {.op = "launch"};
    fail(&failure, EINTR, "-", "the helper was killed");
    number_status(number);
    write_failure(STATUS_DESCRIPTOR, &failure);
  }
}

static _Noreturn void launch_one(struct launcher_request *request) {
  struct launch launch = {0};
  struct failure failure = {0};
  launch_close_descriptors();
  number_status(request->number);
  int result = launch_decode(&launch, request->plan, request->size, &failure);
  if (result == 0 && !launch.monitor) result = fail_malformed(&failure, 0, "a launcher's plan needs a monitor");
  if (result == 0) result = monitor_run(&launch, &failure);
  if (result >= 0) _exit(result);
  write_failure(STATUS_DESCRIPTOR, &failure);
  _exit(EXIT_HELPER_FAILED);
}

/* Begins the next launch; -1 when there will be no more. */
static int begin(void) {
  struct launcher_request request;
  if (launcher_request_read(PLAN_DESCRIPTOR, &request) < 0) return -1;
  pid_t pid = fork();
  if (pid == 0) launch_one(&request);
  free(request.plan);
  if (pid > 0) {
    launches[launch_count].pid = pid;
    launches[launch_count++].number = request.number;
    return 0;
  }
  struct failure failure = {.op = "launch"};
  fail(&failure, errno, "-", "forking");
  number_status(request.number);
  write_failure(STATUS_DESCRIPTOR, &failure);
  return 0;
}
