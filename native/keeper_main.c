/* gantry-shim keeper: becomes a project's keeper. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "kernel.h"
#include "keeper.h"
#include "subcommands.h"

static int run_detached(struct keeper *keeper);
static _Noreturn void live(struct keeper *keeper, int outcome);
static const char *check_order(const struct plan *plan, size_t *index);
static void let_go_of_caller(const char *log_path);

int keeper_main(void) {
  static struct keeper keeper;
  struct failure failure = {0};
  size_t index = 0;
  /* What the caller has open by accident would live as long as the project. */
  kernel_close_range(STDERR_FILENO + 1, ~0U, 0);
  int result = plan_read(STDIN_FILENO, PLAN_CONTEXT_KEEPER, &keeper.plan, &failure);
  const char *error = result == 0 ? check_order(&keeper.plan, &index) : NULL;
  if (error) {
    plan_release(&keeper.plan);
    result = fail_malformed(&failure, index, error);
  }
  if (result < 0) {
    write_failure(STDOUT_FILENO, &failure);
    return EXIT_HELPER_FAILED;
  }
  keeper.op = &keeper.plan.ops[0].keeper;
  keeper.supervisor.op = &keeper.plan.ops[keeper.plan.count - 1].supervisor;
  return run_detached(&keeper);
}

static const char *check_order(const struct plan *plan, size_t *index) {
  size_t uplinks = 0;
  for (*index = 0; *index < plan->count; ++*index) {
    enum op_code code = plan->ops[*index].code;
    if ((code == OP_KEEPER) != (*index == 0)) return "keeper comes first, and once";
    if ((code == OP_SUPERVISOR) != (*index + 1 == plan->count)) return "supervisor comes last, and once";
    uplinks += code == OP_UPLINK_PROGRAM;
    if (uplinks > 1) return "an uplink program comes once";
    if (code == OP_UPLINK_PROGRAM && plan->ops[*index].uplink_program.argv.count == 0) return "an uplink needs a program";
  }
  if (plan->count < 2) return "a keeper needs keeper and supervisor";
  return plan->ops[plan->count - 1].supervisor.argv.count > 0 ? NULL : "supervisor needs a program";
}

/* The process that was started stays only until the outcome is known, so that its exit code tells it too. */
static int run_detached(struct keeper *keeper) {
  int outcome[2];
  unsigned char code;
  if (pipe2(outcome, O_CLOEXEC) < 0) return EXIT_HELPER_FAILED;
  pid_t pid = fork();
  if (pid == 0) {
    close(outcome[0]);
    live(keeper, outcome[1]);
  }
  close(outcome[1]);
  ssize_t received;
  do received = pid < 0 ? 0 : read(outcome[0], &code, 1);
  while (received < 0 && errno == EINTR);
  close(outcome[0]);
  plan_release(&keeper->plan);
  return received == 1 ? code : EXIT_HELPER_FAILED;
}

static _Noreturn void live(struct keeper *keeper, int outcome) {
  struct failure failure = {.op = "keeper"};
  setsid();
  prctl(PR_SET_NAME, "gantry-keeper", 0, 0, 0);
  int result = keeper_start(keeper, &failure);
  unsigned char code = result < 0 ? EXIT_HELPER_FAILED : 0;
  if (result < 0) write_failure(STDOUT_FILENO, &failure);
  else write_status(STDOUT_FILENO, "ok\n", 3);
  while (write(outcome, &code, 1) < 0 && errno == EINTR) continue;
  close(outcome);
  if (result < 0) _exit(code);
  let_go_of_caller(keeper->op->log_path);
  keeper_serve(keeper);
  _exit(0);
}

static void let_go_of_caller(const char *log_path) {
  int null_device = open("/dev/null", O_RDWR | O_CLOEXEC);
  int log = log_path[0] ? open(log_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;
  if (log < 0) log = null_device;
  dup2(null_device, STDIN_FILENO);
  dup2(log, STDOUT_FILENO);
  dup2(log, STDERR_FILENO);
  if (chdir("/") < 0) return;
}
