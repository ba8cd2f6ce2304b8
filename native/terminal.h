/* The container's pseudo-terminal. */
#ifndef GANTRY_TERMINAL_H
#define GANTRY_TERMINAL_H

#include "failure.h"
#include "plan_ops.h"

/* Makes a pseudo-terminal of the container's own devpts the controlling terminal, and passes its master to the parent. */
int terminal_open(const struct op_terminal *op, const struct op_spawn *spawn, int channel, struct failure *failure);

#endif
