/* Operations that make files beneath a container's root. */
#ifndef GANTRY_FILES_H
#define GANTRY_FILES_H

#include <stdbool.h>

#include "failure.h"
#include "plan_ops.h"

/* Whether file_execute is the one to execute this operation. */
bool file_executes(enum op_code code);
int file_execute(const struct op *op, struct failure *failure);

/* Copies an image's directory into an empty volume (copy_tree.c). */
int copy_tree(const struct op_copy_tree *op, struct failure *failure);

#endif
