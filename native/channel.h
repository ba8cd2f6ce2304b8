/*
 * Between the helper and the child it spawned: a failure, a pseudo-terminal, or, by its end, that the program
 * has been executed. All ends are close-on-exec, so that execve itself tells success.
 */
#ifndef GANTRY_CHANNEL_H
#define GANTRY_CHANNEL_H

#include <stdbool.h>

#include "failure.h"
#include "plan_ops.h"

struct channel {
  int parent;
  int child;
};

int channel_open(struct channel *channel);

/* For the child. */
void channel_send_failure(int channel, enum op_code code, const struct failure *failure);
int channel_send_terminal(int channel, int terminal);

/* For the child: whether the parent has gone. It works across pid namespaces, where getppid(2) says 0. */
bool channel_is_abandoned(int channel);

/*
 * For the parent: waits until the child has executed its program or failed. Returns 0, or -1 with failure filled in.
 * terminal is set to the pseudo-terminal's master when the child sent one.
 */
int channel_await(int channel, int *terminal, struct failure *failure);

#endif
