/* Mount operations. Mounts are made detached and then moved onto an open descriptor: no path is looked up twice. */
#ifndef GANTRY_MOUNTS_H
#define GANTRY_MOUNTS_H

#include <stdbool.h>
#include <stdint.h>

#include "failure.h"
#include "plan_ops.h"

/* Whether mount_execute is the one to execute this operation. */
bool mount_executes(enum op_code code);
int mount_execute(const struct op *op, struct failure *failure);

/* The operations, one file each: mount_filesystem.c, mount_overlay.c, mount_overlay_options.c, mount_bind.c, mount_protect.c, mount_root.c. */
int mount_filesystem(const struct op_mount *op, struct failure *failure);
int mount_overlay(const struct op_overlay *op, struct failure *failure);
int mount_overlay_by_options(const struct op_overlay *op, struct failure *failure);
int mount_bind(const struct op_bind *op, struct failure *failure);
int mount_borrow(const struct op_borrow *op, struct failure *failure);
int mount_mask(const struct op_mask *op, struct failure *failure);
int mount_readonly(const struct op_readonly *op, struct failure *failure);
int mount_propagation(const struct op_mount_propagation *op, struct failure *failure);
int mount_pivot_root(const struct op_pivot_root *op, struct failure *failure);

/* The attributes (MOUNT_ATTR_*) that flags of mount(2) (MS_*) stand for. */
uint64_t mount_attributes(uint64_t flags);

/* Sets attributes of the detached or attached mount open as fd, with all beneath it when recursive. */
int mount_set_attributes(int fd, uint64_t attributes, uint64_t propagation, bool recursive);

/*
 * Makes a new detached file system of that type; source may be empty; data: comma-separated options as of mount(8).
 * Returns its descriptor, or -1 with failure filled in (with the kernel's own explanation when it gives one).
 */
int mount_new_filesystem(const char *type, const char *source, const char *data, uint64_t flags,
                         struct failure *failure);

/* Fills failure with errno and, if the file-system context has one, the kernel's message; returns -1. */
int mount_context_failure(int context, const char *subject, const char *attempted, struct failure *failure);

/* Binds the file or directory open as source (O_PATH) onto the one open as target. Returns 0, or -1 and errno. */
int mount_bind_descriptors(int source, int target, bool recursive);

#endif
