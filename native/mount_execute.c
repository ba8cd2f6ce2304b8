#include "mounts.h"

bool mount_executes(enum op_code code) {
  return (code >= OP_MOUNT_PROPAGATION && code <= OP_PIVOT_ROOT) || code == OP_BORROW;
}

int mount_execute(const struct op *op, struct failure *failure) {
  switch ((unsigned)op->code) {
    case OP_MOUNT_PROPAGATION:
      return mount_propagation(&op->mount_propagation, failure);
    case OP_OVERLAY:
      return mount_overlay(&op->overlay, failure);
    case OP_MOUNT:
      return mount_filesystem(&op->mount, failure);
    case OP_BIND:
      return mount_bind(&op->bind, failure);
    case OP_BORROW:
      return mount_borrow(&op->borrow, failure);
    case OP_MASK:
      return mount_mask(&op->mask, failure);
    case OP_READONLY:
      return mount_readonly(&op->readonly, failure);
    default:
      return mount_pivot_root(&op->pivot_root, failure);
  }
}
