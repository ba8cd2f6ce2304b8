/* Operations that name the container and limit the process. */
#ifndef GANTRY_LIMITS_H
#define GANTRY_LIMITS_H

#include <stdbool.h>

#include "failure.h"
#include "plan_ops.h"

/* Whether limits_execute is the one to execute this operation. */
bool limits_executes(enum op_code code);
int limits_execute(const struct op *op, struct failure *failure);

#endif
