/* What an image has at a volume's place becomes the volume's first content. */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "copy_entries.h"
#include "descriptor.h"
#include "files.h"
#include "kernel.h"
#include "records.h"
#include "rooted.h"

static int copy_once(const struct op_copy_tree *op, int progress, struct failure *failure);
static int copy_into_empty(const struct op_copy_tree *op, int progress, struct failure *failure);
static bool is_empty(int directory);
static int make_marker(const char *path);

/*
 * The file <marker>.progress is the lock against another container of the same volume, and is not empty once a
 * copy has begun: then what is in the volume is an interrupted copy rather than somebody's data.
 */
int copy_tree(const struct op_copy_tree *op, struct failure *failure) {
  char progress_path[PATH_MAX];
  if (!op->marker[0]) return copy_into_empty(op, -1, failure);
  if (access(op->marker, F_OK) == 0) return 0;
  int length = snprintf(progress_path, sizeof progress_path, "%s.progress", op->marker);
  if (length < 0 || (size_t)length >= sizeof progress_path) return fail(failure, ENAMETOOLONG, op->marker, "locking");
  OWNED_DESCRIPTOR progress = open(progress_path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (progress < 0 || flock(progress, LOCK_EX) < 0) return fail(failure, errno, progress_path, "locking the volume");
  if (copy_once(op, progress, failure) < 0) return -1;
  unlink(progress_path);
  return 0;
}

static int copy_once(const struct op_copy_tree *op, int progress, struct failure *failure) {
  if (access(op->marker, F_OK) == 0) return 0;
  if (copy_into_empty(op, progress, failure) < 0) return -1;
  return make_marker(op->marker) < 0 ? fail(failure, errno, op->marker, "marking the volume as copied") : 0;
}

static int copy_into_empty(const struct op_copy_tree *op, int progress, struct failure *failure) {
  struct stat status = {0};
  OWNED_DESCRIPTOR source = rooted_open(op->root, op->source, O_RDONLY | O_DIRECTORY);
  if (source < 0 && (errno == ENOENT || errno == ENOTDIR)) return 0;
  if (source < 0) return fail(failure, errno, op->source, "opening what is to be copied");
  OWNED_DESCRIPTOR target = open(op->target, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (target < 0) return fail(failure, errno, op->target, "opening the volume");
  bool interrupted = progress >= 0 && fstat(progress, &status) == 0 && status.st_size > 0;
  if (!interrupted && !is_empty(target)) return 0;
  if (progress >= 0 && (pwrite(progress, "copying\n", 8, 0) != 8 || fsync(progress) < 0)) {
    return fail(failure, errno, op->marker, "noting that the copy has begun");
  }
  if (copy_entries(source, target, failure) < 0) return -1;
  return syncfs(target) < 0 ? fail(failure, errno, op->target, "writing the copy to disk") : 0;
}

static bool is_empty(int directory) {
  int listing = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *entries = listing < 0 ? NULL : fdopendir(listing);
  size_t count = 0;
  while (entries && count < 3 && readdir(entries)) count++;
  if (entries) closedir(entries);
  return count <= 2;
}

static int make_marker(const char *path) {
  OWNED_DESCRIPTOR marker = open(path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (marker < 0 || fsync(marker) < 0) return -1;
  return sync_directory_of(path);
}
