/* Where an ordinary user's processes meet. */
#ifndef GANTRY_RUNTIME_DIRECTORY_H
#define GANTRY_RUNTIME_DIRECTORY_H

#include <stddef.h>
#include <sys/types.h>

#include "failure.h"

/*
 * Writes the path of the user's runtime directory to path: XDG_RUNTIME_DIR if that is a directory of this user's (under
 * su(1) it may be another's), /run/user/UID if it is, else /tmp/gantry-run-UID, which is made. Returns 0, or -1.
 */
int runtime_directory_find(uid_t user, char *path, size_t capacity, struct failure *failure);

/* Makes a directory that is the user's alone, or takes it over. Returns 0, or -1 with failure filled in. */
int runtime_directory_make(const char *path, uid_t user, struct failure *failure);

#endif
