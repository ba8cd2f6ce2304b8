/* The subcommands of gantry-shim, each a whole main function; and the operations they share. */
#ifndef GANTRY_SUBCOMMANDS_H
#define GANTRY_SUBCOMMANDS_H

#include <stdbool.h>

#include "failure.h"
#include "plan.h"

int launch_main(void);
int launcher_main(void);
int apply_main(void);
int tree_main(void);
int attributes_main(void);
int keeper_main(void);
/* program: a null-terminated argv. */
int enter_main(char *const program[]);
int pause_main(const char *directory);
/* Ends with 0 when the process has ended, with 1 when standard input has. */
int await_exit_main(const char *pid, const char *start_time);
/* Process 1 of a container that another runtime has made: runs the program, forwards signals, reaps, ends as it ends. */
int init_main(char **program, int count);

/* What network operations need from the time before any namespace was left (netns 1 in plans). */
struct net_context {
  /* The network namespace the helper was started in, and a routing netlink socket born there. */
  int start_namespace;
  int start_socket;
};

/* Opens the context; to be called before the first setns, unshare or clone. Descriptors are close-on-exec. */
int net_open(struct net_context *context, struct failure *failure);

/* Executes one network operation (OP_LINK_ADD_BRIDGE … OP_RULE_ADD). Netns 0 is the calling process's own. */
int net_execute(const struct op *op, struct net_context *context, struct failure *failure);

void net_close(struct net_context *context);

/* Whether net_execute is the one to execute this operation. */
bool net_executes(enum op_code code);

/* Executes setns, setns_process, unshare or sysctl. */
int namespace_execute(const struct op *op, struct failure *failure);

/* Whether namespace_execute is the one to execute this operation. */
bool namespace_executes(enum op_code code);

#endif
