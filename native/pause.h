/* The process that a user namespace is found by. */
#ifndef GANTRY_PAUSE_H
#define GANTRY_PAUSE_H

#include <sys/types.h>

#include "failure.h"

/* Held, shared, by everyone who needs the namespace. */
#define PAUSE_LOCK "namespace.lock"
/* Says which process it is. */
#define PAUSE_RECORD "namespace"

/* Starts it in this process's user namespace, and writes at record which process it is. Returns 0, or -1. */
int pause_start(const char *directory, const char *record, struct failure *failure);

/* Starts it in a new user namespace, which the calling process then enters as well. Returns 0, or -1. */
int pause_start_in_new(const char *directory, const char *record, uid_t user, gid_t group, struct failure *failure);

#endif
