/* Propagation, and the change of the root directory. */
#include <errno.h>

#include "kernel.h"
#include "mounts.h"

int mount_propagation(const struct op_mount_propagation *op, struct failure *failure) {
  if (mount(NULL, op->path, NULL, (unsigned long)op->flags, NULL) == 0) return 0;
  return fail(failure, errno, op->path, "changing the propagation to %#llx", (unsigned long long)op->flags);
}

/*
 * The old root is stacked onto the new one (both are "."), and then taken away: no directory for it has to
 * exist in the image. Detaching is lazy, since the old root is busy as long as the host runs.
 */
int mount_pivot_root(const struct op_pivot_root *op, struct failure *failure) {
  if (chdir(op->root) < 0) return fail(failure, errno, op->root, "entering the new root");
  if (kernel_pivot_root(".", ".") < 0) return fail(failure, errno, op->root, "changing the root");
  if (umount2(".", MNT_DETACH) < 0) return fail(failure, errno, op->root, "detaching the old root");
  return chdir("/") < 0 ? fail(failure, errno, "/", "entering the new root") : 0;
}
