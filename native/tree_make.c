/* Directories, links and devices. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "descriptor.h"
#include "tree_operations.h"

static int open_new_directory(struct tree_places *places, const struct tree_place *place);

int tree_make_directory(struct tree_places *places, const struct op_tree_dir *op, struct failure *failure) {
  struct tree_place place;
  if (tree_find(places, op->root, op->path, TREE_MAKE_PARENTS, &place, failure) < 0) return -1;
  OWNED_DESCRIPTOR directory = open_new_directory(places, &place);
  if (directory < 0) return fail(failure, errno, op->path, "making the directory");
  if (fchown(directory, op->uid, op->gid) < 0 || fchmod(directory, op->mode & 07777) < 0) {
    return fail(failure, errno, op->path, "setting owner and mode of the directory");
  }
  return 0;
}

static int open_new_directory(struct tree_places *places, const struct tree_place *place) {
  static const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
  bool made = mkdirat(place->parent, place->name, 0700) == 0;
  if (!made && errno != EEXIST) return -1;
  int directory = openat(place->parent, place->name, flags);
  if (directory >= 0 || made || (errno != ENOTDIR && errno != ELOOP)) return directory;
  if (tree_make_room(places, place) < 0 || mkdirat(place->parent, place->name, 0700) < 0) return -1;
  return openat(place->parent, place->name, flags);
}

int tree_make_symlink(struct tree_places *places, const struct op_tree_symlink *op, struct failure *failure) {
  struct tree_place place;
  struct timespec time = {.tv_sec = op->mtime_sec, .tv_nsec = op->mtime_nsec};
  struct timespec times[2] = {time, time};
  if (tree_find(places, op->root, op->path, TREE_MAKE_PARENTS, &place, failure) < 0) return -1;
  int result = symlinkat(op->target, place.parent, place.name);
  if (result < 0 && errno == EEXIST && tree_make_room(places, &place) == 0) {
    result = symlinkat(op->target, place.parent, place.name);
  }
  if (result < 0) return fail(failure, errno, op->path, "making the link");
  if (fchownat(place.parent, place.name, op->uid, op->gid, AT_SYMLINK_NOFOLLOW) < 0 ||
      utimensat(place.parent, place.name, times, AT_SYMLINK_NOFOLLOW) < 0) {
    return fail(failure, errno, op->path, "setting owner and time of the link");
  }
  return 0;
}

/* Two places at a time are needed, and only one parent is remembered: the target's directory is opened on its own. */
int tree_make_hardlink(struct tree_places *places, const struct op_tree_hardlink *op, struct failure *failure) {
  struct tree_place place, target;
  if (tree_find(places, op->root, op->target, TREE_MUST_EXIST, &target, failure) < 0) return -1;
  OWNED_DESCRIPTOR target_parent = fcntl(target.parent, F_DUPFD_CLOEXEC, 3);
  if (target_parent < 0) return fail(failure, errno, op->target, "opening the directory it is in");
  if (tree_find(places, op->root, op->path, TREE_MAKE_PARENTS, &place, failure) < 0) return -1;
  int result = linkat(target_parent, target.name, place.parent, place.name, 0);
  if (result < 0 && errno == EEXIST && tree_make_room(places, &place) == 0) {
    result = linkat(target_parent, target.name, place.parent, place.name, 0);
  }
  return result < 0 ? fail(failure, errno, op->path, "linking it to %s", op->target) : 0;
}

int tree_make_node(struct tree_places *places, const struct op_tree_node *op, struct failure *failure) {
  struct tree_place place;
  dev_t device = makedev(op->device_major, op->device_minor);
  if (!S_ISCHR(op->mode) && !S_ISBLK(op->mode) && !S_ISFIFO(op->mode)) {
    return fail(failure, EINVAL, op->path, "mode %o is neither a device's nor a fifo's", op->mode);
  }
  if (tree_find(places, op->root, op->path, TREE_MAKE_PARENTS, &place, failure) < 0) return -1;
  int result = mknodat(place.parent, place.name, op->mode, device);
  if (result < 0 && errno == EEXIST && tree_make_room(places, &place) == 0) {
    result = mknodat(place.parent, place.name, op->mode, device);
  }
  if (result < 0) return fail(failure, errno, op->path, "making the device");
  if (fchownat(place.parent, place.name, op->uid, op->gid, AT_SYMLINK_NOFOLLOW) < 0) {
    return fail(failure, errno, op->path, "setting the owner of the device");
  }
  return 0;
}
