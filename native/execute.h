/* The one switch: from an operation to the code that executes it. */
#ifndef GANTRY_EXECUTE_H
#define GANTRY_EXECUTE_H

#include "failure.h"
#include "plan_ops.h"
#include "subcommands.h"

/* Executes an operation that needs nothing of the process it runs in. Returns 0, or -1 with failure filled in. */
int execute_anywhere(const struct op *op, struct net_context *network, struct failure *failure);

/* Opens cgroup.procs of the cgroup directory at path. Returns a descriptor, or -1 and errno. */
int cgroup_open(const char *path);

/* Moves the calling process into the cgroup opened as fd. Returns 0, or -1 and errno. */
int cgroup_join(int fd);

/* Takes the lock and leaves it to the end of the process, which gives it back. Returns 0, or -1 with failure filled in. */
int lock_hold(const struct op_hold *op, struct failure *failure);

#endif
