/* Regular files: the operation that has to be fast. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "descriptor.h"
#include "tree_operations.h"

/* A change of owner takes these bits away, so that they are set afterwards. */
#define SPECIAL_BITS (S_ISUID | S_ISGID | S_ISVTX)

static int open_new_file(struct tree_places *places, const struct tree_place *place, mode_t mode);

int tree_make_file(struct tree_places *places, const struct op_tree_file *op, struct tree_stream *stream,
                   struct failure *failure) {
  struct tree_place place;
  struct timespec time = {.tv_sec = op->mtime_sec, .tv_nsec = op->mtime_nsec};
  struct timespec times[2] = {time, time};
  char path[sizeof failure->subject];
  if (tree_find(places, op->root, op->path, TREE_MAKE_PARENTS, &place, failure) < 0) return -1;
  OWNED_DESCRIPTOR file = open_new_file(places, &place, (mode_t)op->mode & 0777);
  if (file < 0) return fail(failure, errno, op->path, "making the file");
  if (fchown(file, op->uid, op->gid) < 0 || ((op->mode & SPECIAL_BITS) && fchmod(file, op->mode & 07777) < 0)) {
    return fail(failure, errno, op->path, "setting owner and mode of the file");
  }
  /* The operation's own strings do not outlive the reading of the content. */
  snprintf(path, sizeof path, "%s", op->path);
  if (tree_stream_copy(stream, op->size, file, path, failure) < 0) return -1;
  return futimens(file, times) < 0 ? fail(failure, errno, path, "setting the time of the file") : 0;
}

/* The process has no umask, so that the mode is exact from the start. */
static int open_new_file(struct tree_places *places, const struct tree_place *place, mode_t mode) {
  static const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  int file = openat(place->parent, place->name, flags, mode);
  if (file >= 0 || errno != EEXIST || tree_make_room(places, place) < 0) return file;
  return openat(place->parent, place->name, flags, mode);
}
