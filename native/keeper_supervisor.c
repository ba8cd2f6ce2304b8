/* The program that a keeper keeps running. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "descriptor.h"
#include "kernel.h"
#include "keeper.h"
#include "program.h"
#include "records.h"

static _Noreturn void become(const struct keeper *keeper, int outcome, pid_t parent);
static char **environment(const struct op_supervisor *op, pid_t keeper);
static int await_execution(int outcome);
static void process_handle(struct keeper *keeper, struct keeper_event *event, uint32_t events);
static void plan_restart(struct keeper_supervisor *supervisor);

int supervisor_start(struct keeper *keeper) {
  struct keeper_supervisor *supervisor = &keeper->supervisor;
  int outcome[2], pidfd = -1;
  if (pipe2(outcome, O_CLOEXEC) < 0) return -1;
  struct clone_args arguments = {
      .flags = CLONE_PIDFD, .pidfd = (uint64_t)(uintptr_t)&pidfd, .exit_signal = SIGCHLD};
  pid_t parent = getpid();
  pid_t pid = kernel_clone3(&arguments);
  if (pid == 0) become(keeper, outcome[1], parent);
  close(outcome[1]);
  int error = pid < 0 ? errno : await_execution(outcome[0]);
  close(outcome[0]);
  if (error) {
    if (pid > 0) waitpid(pid, NULL, 0);
    descriptor_close(&pidfd);
    errno = error;
    return -1;
  }
  supervisor->pid = pid;
  supervisor->due = 0;
  supervisor->started = keeper_now();
  supervisor->process = (struct keeper_event){.fd = pidfd, .handle = process_handle};
  event_set(keeper, &supervisor->process, EPOLLIN);
  return keeper_write_status(keeper);
}

uint64_t supervisor_tend(struct keeper *keeper, uint64_t now) {
  struct keeper_supervisor *supervisor = &keeper->supervisor;
  if (keeper->quitting) {
    if (keeper->kill_due > now) return keeper->kill_due;
    if (supervisor->pid > 0) kernel_pidfd_send_signal(supervisor->process.fd, SIGKILL);
    return 0;
  }
  if (supervisor->due > 0 && supervisor->due <= now && supervisor_start(keeper) < 0) plan_restart(supervisor);
  return supervisor->due;
}

int keeper_write_status(const struct keeper *keeper) {
  return write_keeper_record(keeper->op->status_path, keeper->listener_pid, keeper->supervisor.pid,
                             keeper->uplink_ready);
}

/* Its standard streams: nothing, and the log. */
static _Noreturn void become(const struct keeper *keeper, int outcome, pid_t parent) {
  const struct op_supervisor *op = keeper->supervisor.op;
  struct failure failure = {0};
  setsid();
  prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  int null_device = open("/dev/null", O_RDWR | O_CLOEXEC);
  const char *log_path = keeper->op->log_path;
  int log = log_path[0] ? open(log_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : null_device;
  bool ready = null_device >= 0 && log >= 0 && dup2(null_device, 0) >= 0 && dup2(log, 1) >= 0 && dup2(log, 2) >= 0 &&
               (!op->cwd[0] || chdir(op->cwd) == 0);
  int error = errno;
  if (getppid() != parent) _exit(EXIT_HELPER_FAILED);
  if (ready) {
    struct op_exec exec = {.argv = op->argv, .env = {environment(op, parent), op->env.count + 1}};
    if (exec.env.items) program_execute(&exec, &failure);
    error = exec.env.items ? failure.error : ENOMEM;
  }
  ssize_t written = write(outcome, &error, sizeof error);
  _exit(written == sizeof error ? EXIT_HELPER_FAILED : EXIT_HELPER_FAILED - 1);
}

static char **environment(const struct op_supervisor *op, pid_t keeper) {
  static char keeper_pid[32];
  char **items = calloc((size_t)op->env.count + 2, sizeof *items);
  if (!items) return NULL;
  snprintf(keeper_pid, sizeof keeper_pid, "GANTRY_KEEPER_PID=%d", (int)keeper);
  memcpy(items, op->env.items, op->env.count * sizeof *items);
  items[op->env.count] = keeper_pid;
  return items;
}

/* The pipe is closed by execve(2) itself. Returns 0, or the errno of what failed. */
static int await_execution(int outcome) {
  int error;
  ssize_t received;
  do received = read(outcome, &error, sizeof error);
  while (received < 0 && errno == EINTR);
  return received == sizeof error ? error : 0;
}

static void process_handle(struct keeper *keeper, struct keeper_event *event, uint32_t events) {
  int status = 0;
  (void)events;
  waitpid(keeper->supervisor.pid, &status, 0);
  event_close(keeper, event);
  keeper->supervisor.pid = 0;
  if (keeper->quitting || (WIFEXITED(status) && WEXITSTATUS(status) == 0)) keeper->ended = true;
  else plan_restart(&keeper->supervisor);
}

/* One that ran for long was well: the next failure is a new one. */
static void plan_restart(struct keeper_supervisor *supervisor) {
  const struct op_supervisor *op = supervisor->op;
  uint64_t now = keeper_now();
  bool was_well = now - supervisor->started >= op->restart_max_ms;
  if (supervisor->delay == 0 || was_well) supervisor->delay = op->restart_min_ms;
  else if (supervisor->delay < op->restart_max_ms) supervisor->delay *= 2;
  if (supervisor->delay > op->restart_max_ms) supervisor->delay = op->restart_max_ms;
  supervisor->due = now + (supervisor->delay > 0 ? supervisor->delay : 1);
}
