/*
 * Paths beneath a root directory whose content is hostile: an image, a volume. Everything is resolved by
 * openat2(RESOLVE_IN_ROOT), as if root were /, so that no symbolic link, however it is exchanged meanwhile, leads
 * outside. Magic links of /proc are refused. All functions return a descriptor (close-on-exec), or -1 and errno.
 */
#ifndef GANTRY_ROOTED_H
#define GANTRY_ROOTED_H

#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>

/* Opens an existing path; flags as of open(2), without O_CREAT. */
int rooted_open(const char *root, const char *path, int flags);

/*
 * Opens a directory (O_PATH), making it and its parents (mode 0755) where they are missing.
 * created, unless NULL, tells whether the last one is new.
 */
int rooted_make_directory(const char *root, const char *path, bool *created);

/* Opens (O_PATH) the directory that is to hold the last component of path, making it where it is missing. */
int rooted_make_parent(const char *root, const char *path, char name[NAME_MAX + 1]);

/* Opens (O_PATH) an existing path of any kind, or makes an empty file there. */
int rooted_make_file(const char *root, const char *path);

#endif
