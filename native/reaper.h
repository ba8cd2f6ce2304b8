/* A minimal init: process 1 of a container whose program does not reap orphans itself. */
#ifndef GANTRY_REAPER_H
#define GANTRY_REAPER_H

#include <sys/types.h>

#include "failure.h"

/*
 * Forks. The new process returns, to become the program, and is told the pid of the one that stays; that one
 * passes signals on to it, reaps orphans and ends as it ends.
 */
int reaper_stay(int channel, pid_t *reaper, struct failure *failure);

#endif
