#include "monitor.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static _Noreturn void live(struct launch *launch, int outcome);
static int detach(struct failure *failure);
static int begin(struct monitor *monitor, struct launch *launch, struct failure *failure);
static void tell(int outcome, int code);
static _Noreturn void abandon(const struct op_monitor *op);

/* The process that was started stays only until the outcome is known, so that its exit code tells it too. */
int monitor_run(struct launch *launch, struct failure *failure) {
  int outcome[2];
  failure->op = op_name(OP_MONITOR);
  if (pipe2(outcome, O_CLOEXEC) < 0) return fail(failure, errno, "-", "opening a pipe to the monitor");
  pid_t monitor = fork();
  if (monitor < 0) return fail(failure, errno, "-", "forking the monitor");
  if (monitor == 0) {
    close(outcome[0]);
    live(launch, outcome[1]);
  }
  close(outcome[1]);
  unsigned char code;
  ssize_t received;
  do received = read(outcome[0], &code, 1);
  while (received < 0 && errno == EINTR);
  return received == 1 ? code : fail(failure, ECHILD, "-", "the monitor ended without a word");
}

static _Noreturn void live(struct launch *launch, int outcome) {
  struct failure failure = {.op = op_name(OP_MONITOR)};
  struct monitor *monitor = calloc(1, sizeof *monitor);
  int result = monitor ? begin(monitor, launch, &failure) : fail(&failure, ENOMEM, "-", "beginning");
  if (result < 0) {
    write_failure(STATUS_DESCRIPTOR, &failure);
    tell(outcome, EXIT_HELPER_FAILED);
    _exit(EXIT_HELPER_FAILED);
  }
  if (report_started(monitor->program.pid) < 0) abandon(launch->monitor);
  tell(outcome, 0);
  monitor_serve(monitor);
  monitor_end(monitor);
  _exit(0);
}

static int begin(struct monitor *monitor, struct launch *launch, struct failure *failure) {
  if (detach(failure) < 0) return -1;
  if (monitor_open(monitor, launch->monitor, failure) < 0) return -1;
  int result = launch_prepare(launch, failure);
  if (result == 0) result = monitor_start(monitor, launch, failure);
  if (result < 0) unlink(launch->monitor->socket_path);
  return result;
}

/* Nothing but SIGKILL ends a monitor before its program: it is the only one who will know the exit code. */
static int detach(struct failure *failure) {
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, NULL);
  setsid();
  prctl(PR_SET_NAME, "gantry-monitor", 0, 0, 0);
  if (chdir("/") < 0) return fail(failure, errno, "/", "leaving the working directory");
  int null_device = open("/dev/null", O_RDWR | O_CLOEXEC);
  if (null_device < 0) return fail(failure, errno, "/dev/null", "opening it");
  for (int i = 0; i < 3; i++) dup2(null_device, i);
  if (null_device > 2) close(null_device);
  return 0;
}

static void tell(int outcome, int code) {
  unsigned char byte = (unsigned char)code;
  while (write(outcome, &byte, 1) < 0 && errno == EINTR) continue;
  close(outcome);
}

/*
 * Whoever asked for the container died before it could hear that it runs. Nobody knows of it then, and another may be
 * started in its place, in another project namespace: so it goes, and the program with it (PDEATHSIG).
 */
static _Noreturn void abandon(const struct op_monitor *op) {
  unlink(op->status_path);
  unlink(op->socket_path);
  _exit(EXIT_HELPER_FAILED);
}
