/* Copying one directory's content into another, true to the original. */
#ifndef GANTRY_COPY_ENTRIES_H
#define GANTRY_COPY_ENTRIES_H

#include "failure.h"

/*
 * Copies everything in the directory open as source into the one open as target: owners, modes, times, links,
 * devices, extended attributes; then makes the target itself like the source. What an interrupted copy left is
 * replaced. Returns 0, or -1 with failure filled in.
 */
int copy_entries(int source, int target, struct failure *failure);

#endif
