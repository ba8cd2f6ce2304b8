/* A container made by another OCI runtime (runc, crun, runsc …), with this process as the parent of its process 1. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "descriptor.h"
#include "kernel.h"
#include "launch.h"
#include "program.h"
#include "unix_listener.h"

static const int SILENT[3] = {-1, -1, -1};

static int run_tool(const struct op_runtime *op, const struct plan_strings *argv, const int standard[3], pid_t others,
                    struct failure *failure);
static int create(const struct launch *launch, int console, const int standard[3], struct program *program,
                  struct failure *failure);
static int receive_terminal(int console, const struct op_spawn *spawn);
static int enter_directory_of(const char *path);
static pid_t read_pid(const char *path);
static void give_up(const struct op_runtime *op, const struct program *program);

int runtime_start(const struct launch *launch, const int standard[3], struct program *program,
                  struct failure *failure) {
  const struct op_runtime *op = launch->runtime;
  OWNED_DESCRIPTOR console = -1;
  failure->op = op_name(OP_RUNTIME);
  *program = (struct program){.pid = 0, .pidfd = -1, .terminal = -1};
  if (launch->spawn->terminal) {
    console = unix_listen(op->console_path);
    if (console < 0) return fail(failure, errno, op->console_path, "listening for the terminal");
  }
  /* What the runtime leaves behind when it ends becomes this process's child. */
  prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
  unlink(op->pid_path);
  int result = create(launch, console, standard, program, failure);
  if (launch->spawn->terminal) unlink(op->console_path);
  if (result == 0) result = run_tool(op, &op->start, SILENT, 0, failure);
  if (result < 0) give_up(op, program);
  return result;
}

void runtime_delete(const struct op_runtime *op) {
  struct failure ignored = {0};
  run_tool(op, &op->delete, SILENT, -1, &ignored);
}

static int create(const struct launch *launch, int console, const int standard[3], struct program *program,
                  struct failure *failure) {
  const struct op_runtime *op = launch->runtime;
  if (run_tool(op, &op->create, standard, 0, failure) < 0) return -1;
  pid_t pid = read_pid(op->pid_path);
  if (pid <= 0) return fail(failure, errno, op->pid_path, "reading the pid of process 1");
  program->pid = pid;
  program->pidfd = kernel_pidfd_open(pid, 0);
  if (program->pidfd < 0) return fail(failure, errno, op->pid_path, "holding process 1");
  if (console < 0) return 0;
  program->terminal = receive_terminal(console, launch->spawn);
  return program->terminal < 0 ? fail(failure, errno, op->console_path, "receiving the terminal") : 0;
}

/*
 * Runs a program to its end, with the monitor's /dev/null for what is not given. It dies with this process. With others
 * -1 every child that ends meanwhile is collected: a runtime may wait until helpers of its own have gone for good.
 */
static int run_tool(const struct op_runtime *op, const struct plan_strings *argv, const int standard[3], pid_t others,
                    struct failure *failure) {
  pid_t parent = getpid();
  pid_t pid = fork();
  if (pid < 0) return fail(failure, errno, argv->items[0], "forking");
  if (pid == 0) {
    struct op_exec exec = {.argv = *argv, .env = op->env};
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    if (getppid() != parent) _exit(EXIT_HELPER_FAILED);
    for (int i = 0; i < 3; i++) {
      if (standard[i] >= 0) dup2(standard[i], i);
    }
    if (enter_directory_of(op->pid_path) == 0) program_execute(&exec, failure);
    _exit(EXIT_HELPER_FAILED);
  }
  int status = 0;
  pid_t ended;
  do ended = waitpid(others < 0 ? -1 : pid, &status, 0);
  while (ended != pid && (ended >= 0 || errno == EINTR));
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return 0;
  int code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  return fail(failure, EPROTO, argv->items[0], "the runtime ended with %d", code);
}

/* There the runtime can name the socket for the terminal, whose full path may be longer than an address holds. */
static int enter_directory_of(const char *path) {
  char directory[PATH_MAX];
  snprintf(directory, sizeof directory, "%s", path);
  char *slash = strrchr(directory, '/');
  if (slash) *slash = 0;
  return chdir(slash ? directory : ".");
}

static pid_t read_pid(const char *path) {
  char text[24] = {0};
  OWNED_DESCRIPTOR file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0 || read(file, text, sizeof text - 1) <= 0) return -1;
  return (pid_t)strtol(text, NULL, 10);
}

/* The runtime has connected and sent it before create ended; it is all that comes on the connection. */
static int receive_terminal(int console, const struct op_spawn *spawn) {
  OWNED_DESCRIPTOR connection = accept4(console, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
  char name[256];
  union {
    struct cmsghdr header;
    char buffer[CMSG_SPACE(sizeof(int))];
  } control;
  struct iovec data = {name, sizeof name};
  struct msghdr header = {
      .msg_iov = &data, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control.buffer};
  if (connection < 0 || recvmsg(connection, &header, MSG_CMSG_CLOEXEC) < 0) return -1;
  if (header.msg_controllen < CMSG_LEN(sizeof(int)) || control.header.cmsg_type != SCM_RIGHTS) {
    errno = EPROTO;
    return -1;
  }
  int terminal;
  memcpy(&terminal, CMSG_DATA(&control.header), sizeof terminal);
  struct winsize size = {.ws_row = (unsigned short)spawn->rows, .ws_col = (unsigned short)spawn->cols};
  ioctl(terminal, TIOCSWINSZ, &size);
  return terminal;
}

static void give_up(const struct op_runtime *op, const struct program *program) {
  if (program->pidfd >= 0) {
    kernel_pidfd_send_signal(program->pidfd, SIGKILL);
    waitpid(program->pid, NULL, __WALL);
  }
  runtime_delete(op);
}
