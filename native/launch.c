/* gantry-shim launch: runs a program in a container, or another one beside it. */
#include "launch.h"

#include <errno.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "kernel.h"
#include "protect.h"

#define EXIT_NOT_EXECUTABLE 126
#define EXIT_NOT_FOUND 127

static int run_in_foreground(struct launch *launch, struct failure *failure);
static int exit_code_of(const struct failure *failure);

int launch_main(void) {
  struct launch launch = {0};
  struct failure failure = {0};
  static char subcommand[] = "launch";
  protect_executable(subcommand);
  if (launch_read(&launch, PLAN_DESCRIPTOR, &failure) < 0) {
    write_failure(STATUS_DESCRIPTOR, &failure);
    return EXIT_HELPER_FAILED;
  }
  launch_close_descriptors();
  int code = launch.monitor ? monitor_run(&launch, &failure) : run_in_foreground(&launch, &failure);
  if (code >= 0) return code;
  write_failure(STATUS_DESCRIPTOR, &failure);
  return launch.monitor ? EXIT_HELPER_FAILED : exit_code_of(&failure);
}

void launch_close_descriptors(void) {
  close(PLAN_DESCRIPTOR);
  kernel_close_range(STATUS_DESCRIPTOR + 1, ~0U, 0);
  fcntl(STATUS_DESCRIPTOR, F_SETFD, FD_CLOEXEC);
}

int report_started(pid_t pid) {
  char line[32];
  int length = snprintf(line, sizeof line, "ok %d\n", (int)pid);
  int result = write_status(STATUS_DESCRIPTOR, line, (size_t)length);
  close(STATUS_DESCRIPTOR);
  return result;
}

static int run_in_foreground(struct launch *launch, struct failure *failure) {
  static const int own[3] = {-1, -1, -1};
  struct program program;
  int signals = foreground_block_signals();
  if (launch_prepare(launch, failure) < 0) return -1;
  if (spawn_program(launch, own, &program, failure) < 0) return -1;
  report_started(program.pid);
  return foreground_run(signals, &program);
}

/* As a shell has it, so that a client can pass it on. */
static int exit_code_of(const struct failure *failure) {
  if (failure->op != op_name(OP_EXEC)) return EXIT_HELPER_FAILED;
  return failure->error == ENOENT || failure->error == ENOTDIR ? EXIT_NOT_FOUND : EXIT_NOT_EXECUTABLE;
}
