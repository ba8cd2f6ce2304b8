#include "copy_metadata.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

/* The kernel's own limits (XATTR_LIST_MAX, XATTR_SIZE_MAX). */
#define LONGEST_LIST 65536
#define LONGEST_VALUE 65536

static int copy_attributes(int source, int target);
static int copy_attribute(int source, int target, const char *name);

/* In this order: a change of owner clears set-user-id bits and file capabilities. */
int copy_metadata(int source, int target) {
  struct stat status;
  if (fstat(source, &status) < 0 || fchown(target, status.st_uid, status.st_gid) < 0) return -1;
  if (fchmod(target, status.st_mode & 07777) < 0 || copy_attributes(source, target) < 0) return -1;
  struct timespec times[2] = {status.st_atim, status.st_mtim};
  return futimens(target, times);
}

int copy_owner_and_times(int directory, const char *name, const struct stat *status) {
  struct timespec times[2] = {status->st_atim, status->st_mtim};
  if (fchownat(directory, name, status->st_uid, status->st_gid, AT_SYMLINK_NOFOLLOW) < 0) return -1;
  return utimensat(directory, name, times, AT_SYMLINK_NOFOLLOW);
}

static int copy_attributes(int source, int target) {
  static char names[LONGEST_LIST];
  ssize_t length = flistxattr(source, names, sizeof names);
  if (length < 0) return errno == EOPNOTSUPP ? 0 : -1;
  for (const char *name = names; name < names + length; name += strlen(name) + 1) {
    if (copy_attribute(source, target, name) < 0) return -1;
  }
  return 0;
}

/* A volume's file system may know fewer kinds of attributes than the image's, and overlayfs's own are not data. */
static int copy_attribute(int source, int target, const char *name) {
  static char value[LONGEST_VALUE];
  if (strncmp(name, "trusted.overlay.", 16) == 0 || strncmp(name, "user.overlay.", 13) == 0) return 0;
  ssize_t length = fgetxattr(source, name, value, sizeof value);
  if (length < 0) return errno == ENODATA ? 0 : -1;
  if (fsetxattr(target, name, value, (size_t)length, 0) == 0) return 0;
  bool unsupported = errno == EOPNOTSUPP || errno == EPERM;
  return unsupported ? 0 : -1;
}
