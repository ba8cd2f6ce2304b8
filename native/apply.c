/* gantry-shim apply: executes operations in this process, one after the other. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "execute.h"
#include "plan.h"
#include "subcommands.h"

static int apply(const struct plan *plan, struct failure *failure);

int apply_main(void) {
  struct plan plan;
  struct failure failure = {0};
  int result = plan_read(STDIN_FILENO, PLAN_CONTEXT_APPLY, &plan, &failure);
  if (result == 0) {
    result = apply(&plan, &failure);
    plan_release(&plan);
  }
  if (result < 0) write_failure(STDOUT_FILENO, &failure);
  else write_status(STDOUT_FILENO, "ok\n", 3);
  return result < 0 ? EXIT_HELPER_FAILED : 0;
}

static int apply(const struct plan *plan, struct failure *failure) {
  struct net_context network;
  failure->op = "apply";
  if (net_open(&network, failure) < 0) return -1;
  int result = 0;
  for (uint32_t i = 0; i < plan->count && result == 0; i++) {
    failure->op = op_name(plan->ops[i].code);
    result = execute_anywhere(&plan->ops[i], &network, failure);
  }
  net_close(&network);
  return result;
}
