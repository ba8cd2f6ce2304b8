/* Which ids a new user namespace has. */
#ifndef GANTRY_ID_MAPPING_H
#define GANTRY_ID_MAPPING_H

#include <sys/types.h>

#include "failure.h"

/*
 * Maps the ids of the user namespace that `process` has just made: root is the user, and 1, 2 … are the ranges the user
 * was given (by newuidmap(1) and newgidmap(1), which alone may map them). Without range or these programs only root
 * is mapped. Returns 0, or -1 with failure filled in.
 */
int map_ids(pid_t process, uid_t user, gid_t group, struct failure *failure);

#endif
