/* Owner, mode, extended attributes and times of a copy. All return 0, or -1 and errno. */
#ifndef GANTRY_COPY_METADATA_H
#define GANTRY_COPY_METADATA_H

#include <sys/stat.h>

/* Everything, between two open files or directories. */
int copy_metadata(int source, int target);

/* For links and devices, which are not opened. */
int copy_owner_and_times(int directory, const char *name, const struct stat *status);

#endif
