/* The one switch: from an operation to the code that executes it. */
#ifndef GANTRY_EXECUTE_H
#define GANTRY_EXECUTE_H

#include <stdbool.h>

#include "failure.h"
#include "plan_ops.h"
#include "subcommands.h"

/* Executes an operation that needs nothing of the process it runs in. Returns 0, or -1 with failure filled in. */
int execute_anywhere(const struct op *op, struct net_context *network, struct failure *failure);

/* Whether the cgroup directory at path is one of version 2. */
bool cgroup_is_unified(const char *path);

/*
 * Opens the list of members of the cgroup directory at path: cgroup.procs, or tasks in version 1. Returns a descriptor,
 * or -1 and errno.
 */
int cgroup_open(const char *path);

/* Moves the calling process, which has one thread, into the cgroup opened as fd. Returns 0, or -1 and errno. */
int cgroup_join(int fd);

/*
 * Joins the namespaces of a process, but for those in later: *process is a pidfd to join them by, to be closed by the
 * caller. Returns 0, or -1 with failure filled in.
 */
int namespace_join(const struct op_setns_process *op, uint64_t later, int *process, struct failure *failure);

/* Takes the lock and leaves it to the end of the process, which gives it back. Returns 0, or -1 with failure filled in. */
int lock_hold(const struct op_hold *op, struct failure *failure);

#endif
