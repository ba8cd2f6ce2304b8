/* Attributes, times, removal, renaming. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "descriptor.h"
#include "tree_operations.h"

/* The directory by its descriptor, the last component by name: that is how a link itself gets an attribute. */
int tree_set_attribute(struct tree_places *places, const struct op_tree_xattr *op, struct failure *failure) {
  struct tree_place place;
  char path[NAME_MAX + 40];
  if (tree_find(places, op->root, op->path, TREE_MUST_EXIST, &place, failure) < 0) return -1;
  snprintf(path, sizeof path, "/proc/self/fd/%d/%s", place.parent, place.name);
  if (lsetxattr(path, op->name, op->value.data, op->value.length, 0) == 0) return 0;
  if (op->optional && (errno == EPERM || errno == EOPNOTSUPP)) return 0;
  return fail(failure, errno, op->path, "setting the attribute %s", op->name);
}

int tree_set_times(struct tree_places *places, const struct op_tree_times *op, struct failure *failure) {
  struct tree_place place;
  struct timespec time = {.tv_sec = op->mtime_sec, .tv_nsec = op->mtime_nsec};
  struct timespec times[2] = {time, time};
  if (tree_find(places, op->root, op->path, TREE_MUST_EXIST, &place, failure) < 0) return -1;
  if (utimensat(place.parent, place.name, times, AT_SYMLINK_NOFOLLOW) == 0) return 0;
  return fail(failure, errno, op->path, "setting the time");
}

int tree_remove(struct tree_places *places, const struct op_tree_remove *op, struct failure *failure) {
  struct tree_place place;
  if (tree_find(places, op->root, op->path, TREE_MUST_EXIST, &place, failure) < 0) {
    return failure->error == ENOENT ? 0 : -1;
  }
  int error = tree_clear(place.parent, place.name) < 0 ? errno : 0;
  tree_forget_parent(places);
  return error ? fail(failure, error, op->path, "removing it") : 0;
}

int tree_rename(struct tree_places *places, const struct op_tree_rename *op, struct failure *failure) {
  struct tree_place from, to;
  if (tree_find(places, op->root, op->path, TREE_MUST_EXIST, &from, failure) < 0) return -1;
  OWNED_DESCRIPTOR from_parent = fcntl(from.parent, F_DUPFD_CLOEXEC, 3);
  if (from_parent < 0) return fail(failure, errno, op->path, "opening the directory it is in");
  if (tree_find(places, op->root, op->target, TREE_MAKE_PARENTS, &to, failure) < 0) return -1;
  int error = renameat(from_parent, from.name, to.parent, to.name) < 0 ? errno : 0;
  tree_forget_parent(places);
  return error ? fail(failure, error, op->path, "renaming it to %s", op->target) : 0;
}

int tree_sync(struct tree_places *places, const struct op_tree_sync *op, struct failure *failure) {
  int root = tree_open_root(places, op->root, failure);
  if (root < 0) return -1;
  return syncfs(root) < 0 ? fail(failure, errno, op->root, "writing everything to disk") : 0;
}
