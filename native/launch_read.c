/* The order that operations of a launch plan must have, and those that come before spawn. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "descriptor.h"
#include "execute.h"
#include "kernel.h"
#include "launch.h"

/* Others would share memory or descriptors with the child, or lose sight of it. */
#define NAMESPACES \
  ((uint64_t)(CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | \
              CLONE_NEWNET | CLONE_NEWTIME))

static int check(struct launch *launch, struct failure *failure);
static const char *check_order(struct launch *launch, uint32_t *index);
static const char *check_op(struct launch *launch, uint32_t index);
static int prepare_op(struct launch *launch, const struct op *op, struct failure *failure);
static int join_but_cgroup_namespace(struct launch *launch, const struct op_setns_process *op,
                                     struct failure *failure);
static int open_cgroup(struct launch *launch, const struct op_cgroup_join *op, struct failure *failure);

int launch_read(struct launch *launch, int fd, struct failure *failure) {
  return plan_read(fd, PLAN_CONTEXT_LAUNCH, &launch->plan, failure) < 0 ? -1 : check(launch, failure);
}

int launch_decode(struct launch *launch, uint8_t *bytes, size_t size, struct failure *failure) {
  if (plan_decode(bytes, size, PLAN_CONTEXT_LAUNCH, &launch->plan, failure) < 0) return -1;
  return check(launch, failure);
}

static int check(struct launch *launch, struct failure *failure) {
  uint32_t index = 0;
  const char *error = check_order(launch, &index);
  if (!error) return 0;
  plan_release(&launch->plan);
  return fail_malformed(failure, index, error);
}

int launch_prepare(struct launch *launch, struct failure *failure) {
  if (launch->uses_network) {
    failure->op = "launch";
    if (net_open(&launch->network, failure) < 0) return -1;
  }
  for (uint32_t i = 0; i < launch->spawn_index; i++) {
    const struct op *op = &launch->plan.ops[i];
    failure->op = op_name(op->code);
    if (op->code == OP_MONITOR) continue;
    if (prepare_op(launch, op, failure) < 0) return -1;
  }
  failure->op = op_name(OP_SPAWN);
  return 0;
}

static int prepare_op(struct launch *launch, const struct op *op, struct failure *failure) {
  if (op->code == OP_CGROUP_JOIN) return open_cgroup(launch, &op->cgroup_join, failure);
  if (op->code == OP_SETNS_PROCESS && (op->setns_process.flags & CLONE_NEWCGROUP)) {
    return join_but_cgroup_namespace(launch, &op->setns_process, failure);
  }
  return execute_anywhere(op, &launch->network, failure);
}

/*
 * From within a cgroup namespace no process can be brought in from outside (with the mount option nsdelegate, which
 * systemd uses): the child enters it when it is in its cgroup.
 */
static int join_but_cgroup_namespace(struct launch *launch, const struct op_setns_process *op,
                                     struct failure *failure) {
  if (launch->joins_cgroup_namespace) return fail(failure, EINVAL, "-", "a launch joins one cgroup namespace");
  if (namespace_join(op, CLONE_NEWCGROUP, &launch->cgroup_namespace, failure) < 0) return -1;
  launch->joins_cgroup_namespace = true;
  return 0;
}

static const char *check_order(struct launch *launch, uint32_t *index) {
  for (*index = 0; *index < launch->plan.count; ++*index) {
    const char *error = check_op(launch, *index);
    if (error) return error;
  }
  if (!launch->spawn) return "a launch needs a spawn operation";
  if (launch->runtime) return launch->monitor ? NULL : "a runtime needs a monitor";
  return launch->plan.ops[launch->plan.count - 1].code == OP_EXEC ? NULL : "a launch ends with exec";
}

static bool only_in_child(enum op_code code) {
  return code == OP_TERMINAL || code == OP_INIT || code == OP_EXEC || code == OP_RUNTIME;
}

static const char *check_op(struct launch *launch, uint32_t index) {
  const struct op *op = &launch->plan.ops[index];
  bool last = index + 1 == launch->plan.count;
  if (net_executes(op->code)) launch->uses_network = true;
  if (op->code == OP_EXEC) {
    if (!last) return "operations follow exec";
    if (op->exec.argv.count == 0) return "exec needs a program";
  }
  if (op->code == OP_RUNTIME && launch->spawn) {
    if (!last || launch->spawn_index + 1 != index) return "runtime alone follows spawn";
    if (launch->spawn->flags) return "a runtime makes its namespaces itself";
    if (!op->runtime.create.count || !op->runtime.start.count || !op->runtime.delete.count) {
      return "runtime needs its programs";
    }
    launch->runtime = &op->runtime;
  }
  if (op->code == OP_SPAWN) {
    if (launch->spawn) return "a launch has one spawn operation";
    if (op->spawn.flags & ~NAMESPACES) return "spawn takes flags of namespaces only";
    launch->spawn = &op->spawn;
    launch->spawn_index = index;
  }
  if (op->code == OP_MONITOR) {
    if (launch->monitor || launch->spawn) return "monitor comes once, before spawn";
    launch->monitor = &op->monitor;
  }
  if (op->code == OP_TERMINAL && launch->spawn && !launch->spawn->terminal) return "spawn does not announce a terminal";
  return !launch->spawn && only_in_child(op->code) ? "this operation comes after spawn" : NULL;
}

/*
 * Before spawn a cgroup is only opened, for the child to join as its first act: the monitor or the client
 * must not be counted, frozen and killed with the container. Into one of version 2 it can be born.
 */
static int open_cgroup(struct launch *launch, const struct op_cgroup_join *op, struct failure *failure) {
  if (!launch->in_unified && cgroup_is_unified(op->path)) {
    launch->unified = open(op->path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (launch->unified < 0) return fail(failure, errno, op->path, "opening the cgroup");
    launch->in_unified = true;
    return 0;
  }
  if (launch->cgroup_count == MAXIMUM_CGROUPS) return fail(failure, E2BIG, op->path, "joining so many cgroups");
  int fd = cgroup_open(op->path);
  if (fd < 0) return fail(failure, errno, op->path, "opening the cgroup");
  launch->cgroups[launch->cgroup_count++] = fd;
  return 0;
}
