#include "subordinate_ids.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool read_range(char *line, const char *name, uid_t user, struct id_range *range);

size_t subordinate_ids(const char *path, const char *name, uid_t user, struct id_range ranges[MAXIMUM_ID_RANGES]) {
  char line[256];
  size_t count = 0;
  FILE *file = fopen(path, "re");
  if (!file) return 0;
  while (count < MAXIMUM_ID_RANGES && fgets(line, sizeof line, file)) {
    if (read_range(line, name, user, &ranges[count])) count++;
  }
  fclose(file);
  return count;
}

/* "name:first:count" or "uid:first:count"; anything else on a line, or a number that overflows, is nobody's range. */
static bool read_range(char *line, const char *name, uid_t user, struct id_range *range) {
  char *rest = line, *end;
  const char *owner = strsep(&rest, ":");
  const char *first = strsep(&rest, ":");
  if (!first || !rest) return false;
  bool by_number = strtoul(owner, &end, 10) == user && end != owner && *end == 0;
  if (!by_number && (!name || strcmp(owner, name) != 0)) return false;
  range->first = strtoull(first, &end, 10);
  if (end == first || *end != 0) return false;
  range->count = strtoull(rest, &end, 10);
  bool complete = end != rest && (*end == 0 || *end == '\n');
  return complete && range->count > 0 && range->first + range->count <= UINT32_MAX && range->count <= UINT32_MAX;
}
