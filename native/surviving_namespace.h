/* Finding the user namespace again when the pause process was killed. */
#ifndef GANTRY_SURVIVING_NAMESPACE_H
#define GANTRY_SURVIVING_NAMESPACE_H

#include <sys/types.h>

/* A descriptor of the user namespace that a process of gantry of this user is in, -1 when there is none. */
int surviving_namespace_open(uid_t user);

#endif
