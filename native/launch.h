/* One launch: what its plan says, and what the helper holds for it. */
#ifndef GANTRY_LAUNCH_H
#define GANTRY_LAUNCH_H

#include <stdbool.h>
#include <sys/types.h>

#include "channel.h"
#include "failure.h"
#include "plan.h"
#include "subcommands.h"

#define PLAN_DESCRIPTOR 3
#define STATUS_DESCRIPTOR 4
#define MAXIMUM_CGROUPS 16

struct launch {
  struct plan plan;
  /* Index of the one spawn operation: what follows it runs in the child. */
  uint32_t spawn_index;
  const struct op_spawn *spawn;
  /* NULL: the helper executes the program itself. */
  const struct op_runtime *runtime;
  /* NULL: the helper stays in the foreground. */
  const struct op_monitor *monitor;
  struct net_context network;
  bool uses_network;
  /* Lists of members of the cgroups that the child is to join, opened while the host's paths are still in sight. */
  int cgroups[MAXIMUM_CGROUPS];
  uint32_t cgroup_count;
  /* Directory of the cgroup of version 2 that the child is born into; only with in_unified. */
  int unified;
  bool in_unified;
  /* pidfd of the process whose cgroup namespace the child enters; only with joins_cgroup_namespace. */
  int cgroup_namespace;
  bool joins_cgroup_namespace;
};

/* The program a launch started. */
struct program {
  pid_t pid;
  int pidfd;
  /* Master of its pseudo-terminal, or -1. */
  int terminal;
};

/* Reads the plan and checks its order. Returns 0, or -1 with failure filled in. */
int launch_read(struct launch *launch, int fd, struct failure *failure);

/* The same for size bytes already in memory, which launch takes over (malloc'ed) also when it fails. */
int launch_decode(struct launch *launch, uint8_t *bytes, size_t size, struct failure *failure);

/* Closes what the caller has open by accident, and the plan: neither monitor nor container is to have it. */
void launch_close_descriptors(void);

/* Executes what comes before spawn, in this process. */
int launch_prepare(struct launch *launch, struct failure *failure);

/*
 * Starts the child with standard as its descriptors 0 to 2 (-1: as they are), and waits until it has executed its
 * program. Returns 0, or -1 with failure filled in; the child is gone then.
 */
int spawn_program(struct launch *launch, const int standard[3], struct program *program, struct failure *failure);

/* The same by the runtime of an operation runtime: its process 1 becomes a child of this process. */
int runtime_start(const struct launch *launch, const int standard[3], struct program *program, struct failure *failure);

/* Has the runtime forget a container whose process 1 has ended. */
void runtime_delete(const struct op_runtime *op);

/* What the child does until it becomes the program; ends by _exit when that fails. */
_Noreturn void child_run(struct launch *launch, int channel, const int standard[3]);

/* Blocks the signals that are to be passed on, before there is a program; returns a signalfd. */
int foreground_block_signals(void);

/* Stays until the program ends, passing on signals, keys and window sizes; returns the exit code. */
int foreground_run(int signals, const struct program *program);

/* Detaches; the monitor lives on, and the caller gets the exit code to end with. */
int monitor_run(struct launch *launch, struct failure *failure);

/* Writes "ok <pid>" and closes the status descriptor. */
int report_started(pid_t pid);

#endif
