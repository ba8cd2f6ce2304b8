/*
 * The program that joins the project namespace to the host's, where the kernel alone does not do it. It has to be
 * started in the host's namespace, and again should it end: a small process that never leaves the host's does that.
 */
#ifndef GANTRY_KEEPER_UPLINK_H
#define GANTRY_KEEPER_UPLINK_H

#include "keeper.h"

/* Starts that process, if the plan has an uplink program; to be called in the host's namespace. Returns 0, or -1 and errno. */
int uplink_prepare(struct keeper *keeper);

/* Has it start the program, now that the project namespace is there, and waits until that is ready. */
void uplink_start(struct keeper *keeper, const struct op_uplink_program *op);

void uplink_end(struct keeper *keeper);

#endif
