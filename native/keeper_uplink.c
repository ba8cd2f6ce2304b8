#include "keeper_uplink.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#include "kernel.h"
#include "program.h"

static const struct op_uplink_program *uplink_of(const struct plan *plan);
static _Noreturn void tend(const struct keeper *keeper, const struct op_uplink_program *op, int channel);
static pid_t run(const struct keeper *keeper, const struct op_uplink_program *op, pid_t joined);
static bool await_ready(int fifo, pid_t program, uint32_t wait_ms);
static void sleep_ms(uint32_t ms);

int uplink_prepare(struct keeper *keeper) {
  const struct op_uplink_program *op = uplink_of(&keeper->plan);
  int pair[2];
  if (!op) return 0;
  unlink(op->ready_path);
  if (mkfifo(op->ready_path, 0600) < 0 || socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0) return -1;
  pid_t parent = getpid();
  keeper->uplink_pid = fork();
  if (keeper->uplink_pid == 0) {
    prctl(PR_SET_NAME, "gantry-uplink", 0, 0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    if (getppid() != parent) _exit(0);
    dup2(pair[1], 3);
    kernel_close_range(4, ~0U, 0);
    kernel_close_range(0, 2, 0);
    tend(keeper, op, 3);
  }
  close(pair[1]);
  keeper->uplink_channel = pair[0];
  return keeper->uplink_pid < 0 ? -1 : 0;
}

void uplink_start(struct keeper *keeper, const struct op_uplink_program *op) {
  struct pollfd answer = {.fd = keeper->uplink_channel, .events = POLLIN};
  char ready = 0;
  if (send(answer.fd, "", 1, MSG_NOSIGNAL) != 1) return;
  /* It gives its answer by then; this is for one that was stopped or killed. */
  if (poll(&answer, 1, (int)op->wait_ms + 1000) == 1 && recv(answer.fd, &ready, 1, MSG_DONTWAIT) < 0) return;
  keeper->uplink_ready = ready;
}

void uplink_end(struct keeper *keeper) {
  const struct op_uplink_program *op = uplink_of(&keeper->plan);
  if (!op) return;
  unlink(op->ready_path);
  if (keeper->uplink_pid <= 0) return;
  kill(keeper->uplink_pid, SIGKILL);
  waitpid(keeper->uplink_pid, NULL, 0);
}

static const struct op_uplink_program *uplink_of(const struct plan *plan) {
  for (uint32_t i = 0; i < plan->count; i++) {
    if (plan->ops[i].code == OP_UPLINK_PROGRAM) return &plan->ops[i].uplink_program;
  }
  return NULL;
}

static _Noreturn void tend(const struct keeper *keeper, const struct op_uplink_program *op, int channel) {
  char answer;
  pid_t joined = getppid();
  uint32_t delay = op->restart_min_ms;
  if (recv(channel, &answer, 1, 0) != 1) _exit(0);
  /* Also for writing: a program that opens it never waits for a reader. */
  int fifo = open(op->ready_path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
  for (bool first = true;; first = false) {
    uint64_t started = keeper_now();
    pid_t program = run(keeper, op, joined);
    if (first) {
      answer = await_ready(fifo, program, op->wait_ms);
      send(channel, &answer, 1, MSG_NOSIGNAL);
    }
    while (program > 0 && waitpid(program, NULL, 0) < 0 && errno == EINTR) continue;
    if (keeper_now() - started >= op->restart_max_ms) delay = op->restart_min_ms;
    sleep_ms(delay);
    delay = delay * 2 < op->restart_max_ms ? delay * 2 : op->restart_max_ms;
  }
}

static _Noreturn void become(const struct keeper *keeper, const struct op_uplink_program *op, pid_t joined) {
  struct failure failure = {0};
  char namespace[32];
  snprintf(namespace, sizeof namespace, "/proc/%d/ns/net", (int)joined);
  int input = open(namespace, O_RDONLY | O_CLOEXEC);
  int log = open(keeper->op->log_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (input < 0 || log < 0) _exit(EXIT_HELPER_FAILED);
  dup2(input, STDIN_FILENO);
  dup2(log, STDOUT_FILENO);
  dup2(log, STDERR_FILENO);
  struct op_exec exec = {.argv = op->argv, .env = op->env};
  program_execute(&exec, &failure);
  _exit(EXIT_HELPER_FAILED);
}

/* Returns the program's pid, or -1. */
static pid_t run(const struct keeper *keeper, const struct op_uplink_program *op, pid_t joined) {
  pid_t parent = getpid();
  pid_t pid = fork();
  if (pid != 0) return pid;
  prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  if (getppid() != parent) _exit(0);
  become(keeper, op, joined);
}

static bool await_ready(int fifo, pid_t program, uint32_t wait_ms) {
  int pidfd = program < 0 ? -1 : kernel_pidfd_open(program, 0);
  struct pollfd events[] = {{.fd = fifo, .events = POLLIN}, {.fd = pidfd, .events = POLLIN}};
  int count = pidfd < 0 ? 0 : poll(events, 2, (int)wait_ms);
  if (pidfd >= 0) close(pidfd);
  return count > 0 && (events[0].revents & POLLIN);
}

static void sleep_ms(uint32_t ms) {
  struct timespec duration = {.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000};
  while (nanosleep(&duration, &duration) < 0 && errno == EINTR) continue;
}
