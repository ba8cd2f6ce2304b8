/* Bind mounts of host paths into a container. */
#include <errno.h>
#include <sys/stat.h>

#include "descriptor.h"
#include "kernel.h"
#include "mounts.h"
#include "rooted.h"

static int open_source(const struct op_bind *op);
static int open_target(const struct op_bind *op, int source);

int mount_bind(const struct op_bind *op, struct failure *failure) {
  bool recursive = op->flags & MS_REC;
  OWNED_DESCRIPTOR source = open_source(op);
  if (source < 0) return fail(failure, errno, op->source, "opening what is to be mounted at %s", op->target);
  OWNED_DESCRIPTOR target = open_target(op, source);
  if (target < 0) return fail(failure, errno, op->target, "opening the mount point beneath %s", op->root);
  OWNED_DESCRIPTOR mount =
      kernel_open_tree(source, "", AT_EMPTY_PATH | OPEN_TREE_CLONE | (recursive ? AT_RECURSIVE : 0U));
  if (mount < 0) return fail(failure, errno, op->source, "taking it to be mounted at %s", op->target);
  uint64_t attributes = mount_attributes(op->flags);
  bool recursive_propagation = op->propagation & MS_REC;
  if (attributes && mount_set_attributes(mount, attributes, 0, recursive) < 0) {
    return fail(failure, errno, op->target, "setting mount flags %#llx", (unsigned long long)op->flags);
  }
  if (op->propagation && mount_set_attributes(mount, 0, op->propagation & ~(uint64_t)MS_REC, recursive_propagation) < 0) {
    return fail(failure, errno, op->target, "setting the propagation");
  }
  if (kernel_move_mount(mount, target) < 0) return fail(failure, errno, op->target, "mounting %s", op->source);
  return 0;
}

int mount_bind_descriptors(int source, int target, bool recursive) {
  OWNED_DESCRIPTOR mount =
      kernel_open_tree(source, "", AT_EMPTY_PATH | OPEN_TREE_CLONE | (recursive ? AT_RECURSIVE : 0U));
  return mount < 0 ? -1 : kernel_move_mount(mount, target);
}

/* A host path is the user's own choice and may go through links; beneath a volume nothing is trusted. */
static int open_source(const struct op_bind *op) {
  if (op->subpath[0]) return rooted_open(op->source, op->subpath, O_PATH);
  return open(op->source, O_PATH | O_CLOEXEC);
}

static int open_target(const struct op_bind *op, int source) {
  struct stat status;
  if (fstat(source, &status) < 0) return -1;
  if (S_ISDIR(status.st_mode)) return rooted_make_directory(op->root, op->target, NULL);
  return rooted_make_file(op->root, op->target);
}
