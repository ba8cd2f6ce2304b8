/* The ranges of ids that an administrator has given to a user (subuid(5), subgid(5)). */
#ifndef GANTRY_SUBORDINATE_IDS_H
#define GANTRY_SUBORDINATE_IDS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Far more ranges than anybody is given; further ones are left out. */
#define MAXIMUM_ID_RANGES 16

struct id_range {
  uint64_t first;
  uint64_t count;
};

/* Reads the user's ranges, by name or by number, from the file at path. Returns how many; 0 also without the file. */
size_t subordinate_ids(const char *path, const char *name, uid_t user, struct id_range ranges[MAXIMUM_ID_RANGES]);

#endif
