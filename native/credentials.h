/* Operations that take privileges away from the process, for good. */
#ifndef GANTRY_CREDENTIALS_H
#define GANTRY_CREDENTIALS_H

#include <stdbool.h>

#include "failure.h"
#include "plan_ops.h"

/* Whether credentials_execute is the one to execute this operation. */
bool credentials_executes(enum op_code code);
int credentials_execute(const struct op *op, struct failure *failure);

#endif
