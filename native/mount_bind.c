/* Bind mounts of host paths into a container. */
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#include "descriptor.h"
#include "kernel.h"
#include "mounts.h"
#include "process.h"
#include "rooted.h"

static int open_source(const struct op_bind *op);
static int place(int mount, const char *root, const char *target, uint64_t flags, uint64_t propagation,
                 struct failure *failure);
static int open_target(const char *root, const char *target, int source);
static int take_from_process(const struct op_borrow *op, struct failure *failure);

int mount_bind(const struct op_bind *op, struct failure *failure) {
  bool recursive = op->flags & MS_REC;
  OWNED_DESCRIPTOR source = open_source(op);
  if (source < 0) return fail(failure, errno, op->source, "opening what is to be mounted at %s", op->target);
  OWNED_DESCRIPTOR mount =
      kernel_open_tree(source, "", AT_EMPTY_PATH | OPEN_TREE_CLONE | (recursive ? AT_RECURSIVE : 0U));
  if (mount < 0) return fail(failure, errno, op->source, "taking it to be mounted at %s", op->target);
  return place(mount, op->root, op->target, op->flags, op->propagation, failure);
}

int mount_borrow(const struct op_borrow *op, struct failure *failure) {
  OWNED_DESCRIPTOR mount = take_from_process(op, failure);
  return mount < 0 ? -1 : place(mount, op->root, op->target, op->flags, op->propagation, failure);
}

/* Mounts what is detached, with its flags. */
static int place(int mount, const char *root, const char *target, uint64_t flags, uint64_t propagation,
                 struct failure *failure) {
  bool recursive = flags & MS_REC;
  OWNED_DESCRIPTOR place = open_target(root, target, mount);
  if (place < 0) return fail(failure, errno, target, "opening the mount point beneath %s", root);
  uint64_t attributes = mount_attributes(flags);
  if (attributes && mount_set_attributes(mount, attributes, 0, recursive) < 0) {
    return fail(failure, errno, target, "setting mount flags %#llx", (unsigned long long)flags);
  }
  if (propagation && mount_set_attributes(mount, 0, propagation & ~(uint64_t)MS_REC, propagation & MS_REC) < 0) {
    return fail(failure, errno, target, "setting the propagation");
  }
  return kernel_move_mount(mount, place) < 0 ? fail(failure, errno, target, "mounting it") : 0;
}

/*
 * Mounts can only be taken in the mount namespace they are in, where paths are resolved beneath the container's root.
 * /proc is the host's as yet, so that the pid is the host's too; the start time is read once the namespace is held.
 */
static int take_from_process(const struct op_borrow *op, struct failure *failure) {
  char path[48];
  snprintf(path, sizeof path, "/proc/%u/ns/mnt", op->pid);
  uint64_t start_time;
  OWNED_DESCRIPTOR own = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
  if (own < 0) return fail(failure, errno, "/proc/self/ns/mnt", "opening the namespace to come back to");
  OWNED_DESCRIPTOR other = open(path, O_RDONLY | O_CLOEXEC);
  if (other < 0) return fail(failure, errno, path, "opening the namespace of the process");
  if (process_start_time((pid_t)op->pid, &start_time) < 0 || start_time != op->start_time) {
    return fail(failure, ESRCH, path, "the process has ended");
  }
  if (setns(other, CLONE_NEWNS) < 0) return fail(failure, errno, path, "joining the mount namespace");
  int mount = kernel_open_tree(AT_FDCWD, op->path, OPEN_TREE_CLONE | (op->flags & MS_REC ? AT_RECURSIVE : 0U));
  int error = errno;
  if (setns(own, CLONE_NEWNS) < 0) return fail(failure, errno, path, "coming back from the mount namespace");
  return mount < 0 ? fail(failure, error, op->path, "taking it from the other container") : mount;
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

static int open_target(const char *root, const char *target, int source) {
  struct stat status;
  if (fstat(source, &status) < 0) return -1;
  if (S_ISDIR(status.st_mode)) return rooted_make_directory(root, target, NULL);
  return rooted_make_file(root, target);
}
