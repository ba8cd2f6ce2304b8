/*
 * The user namespace of an ordinary user, in which all of that user's gantry processes are. A process named gantry-pause
 * keeps it findable. Everyone who needs it holds a shared lock on the file namespace.lock; when the last one has let go
 * the kernel gives the pause process its exclusive lock, and it ends: nothing stays behind.
 */
#ifndef GANTRY_USER_NAMESPACE_H
#define GANTRY_USER_NAMESPACE_H

#include <sys/types.h>

#include "failure.h"

/* Enters the namespace, or makes it; the files it is found by are in directory. Returns 0, or -1 with failure filled in. */
int user_namespace_enter(const char *directory, uid_t user, gid_t group, struct failure *failure);

#endif
