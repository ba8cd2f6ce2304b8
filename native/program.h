/* The last steps of a child: its working directory and the program itself. */
#ifndef GANTRY_PROGRAM_H
#define GANTRY_PROGRAM_H

#include "failure.h"
#include "plan_ops.h"

int program_enter_directory(const struct op_cwd *op, struct failure *failure);

/* Becomes the program. Returns only when that fails: -1 with failure filled in. */
int program_execute(const struct op_exec *op, struct failure *failure);

#endif
