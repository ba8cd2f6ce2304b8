/* Hiding paths of a container and making them read-only. */
#include <errno.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "descriptor.h"
#include "kernel.h"
#include "mounts.h"
#include "rooted.h"

static int open_null_device(void);

int mount_mask(const struct op_mask *op, struct failure *failure) {
  OWNED_DESCRIPTOR target = rooted_open(op->root, op->path, O_PATH);
  if (target < 0 && (errno == ENOENT || errno == ENOTDIR)) return 0;
  struct stat status;
  if (target < 0 || fstat(target, &status) < 0) return fail(failure, errno, op->path, "opening what is to be hidden");
  if (!S_ISDIR(status.st_mode)) {
    OWNED_DESCRIPTOR null_device = open_null_device();
    if (null_device < 0) return fail(failure, errno, "/dev/null", "opening it to hide %s", op->path);
    if (mount_bind_descriptors(null_device, target, false) == 0) return 0;
    return fail(failure, errno, op->path, "hiding the file");
  }
  OWNED_DESCRIPTOR empty = mount_new_filesystem("tmpfs", "tmpfs", "size=0k", MS_RDONLY, failure);
  if (empty < 0) return -1;
  return kernel_move_mount(empty, target) < 0 ? fail(failure, errno, op->path, "hiding the directory") : 0;
}

/* Only ever the real one: after pivot_root the path is inside the container. */
static int open_null_device(void) {
  struct stat status;
  int fd = open("/dev/null", O_PATH | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0) return -1;
  if (fstat(fd, &status) == 0 && S_ISCHR(status.st_mode) && status.st_rdev == makedev(1, 3)) return fd;
  close(fd);
  errno = ENODEV;
  return -1;
}

int mount_readonly(const struct op_readonly *op, struct failure *failure) {
  OWNED_DESCRIPTOR target = rooted_open(op->root, op->path, O_PATH);
  if (target < 0 && (errno == ENOENT || errno == ENOTDIR)) return 0;
  if (target < 0) return fail(failure, errno, op->path, "opening what is to be read-only");
  /* The root is a mount of its own already, and what is mounted beneath it (volumes, /dev) stays as it is. */
  if (op->path[0] == '/' && op->path[1] == 0) {
    if (mount_set_attributes(target, MOUNT_ATTR_RDONLY, 0, false) == 0) return 0;
    return fail(failure, errno, op->root, "making the root read-only");
  }
  OWNED_DESCRIPTOR mount = kernel_open_tree(target, "", AT_EMPTY_PATH | OPEN_TREE_CLONE | AT_RECURSIVE);
  if (mount < 0) return fail(failure, errno, op->path, "taking it to be read-only");
  if (mount_set_attributes(mount, MOUNT_ATTR_RDONLY, 0, true) < 0 || kernel_move_mount(mount, target) < 0) {
    return fail(failure, errno, op->path, "making it read-only");
  }
  return 0;
}
