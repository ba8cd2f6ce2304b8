#include "runtime_directory.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static bool belongs_to(const char *path, uid_t user);

int runtime_directory_find(uid_t user, char *path, size_t capacity, struct failure *failure) {
  const char *given = getenv("XDG_RUNTIME_DIR");
  if (given && given[0] == '/' && belongs_to(given, user)) {
    snprintf(path, capacity, "%s", given);
    return 0;
  }
  snprintf(path, capacity, "/run/user/%u", user);
  if (belongs_to(path, user)) return 0;
  snprintf(path, capacity, "/tmp/gantry-run-%u", user);
  return runtime_directory_make(path, user, failure);
}

/* In /tmp anybody could have made it before, to look at or replace what is put there. */
int runtime_directory_make(const char *path, uid_t user, struct failure *failure) {
  struct stat status;
  if (mkdir(path, 0700) < 0 && errno != EEXIST) return fail(failure, errno, path, "making the runtime directory");
  if (lstat(path, &status) < 0) return fail(failure, errno, path, "looking at the runtime directory");
  bool alone = S_ISDIR(status.st_mode) && status.st_uid == user && (status.st_mode & 077) == 0;
  return alone ? 0 : fail(failure, EPERM, path, "this is not a directory of this user alone");
}

static bool belongs_to(const char *path, uid_t user) {
  struct stat status;
  return stat(path, &status) == 0 && S_ISDIR(status.st_mode) && status.st_uid == user;
}
