/* overlayfs of any number of layers. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "descriptor.h"
#include "kernel.h"
#include "mounts.h"

/* fsconfig(2) takes strings of at most this many bytes, terminator included. */
#define LONGEST_VALUE 256

static int add_layers(int context, const struct op_overlay *op, struct failure *failure);
static int set_directory(int context, const char *key, const char *path, struct failure *failure);
static int set_options(int context, const struct op_overlay *op, struct failure *failure);
static int attach(int context, const struct op_overlay *op, struct failure *failure);
static bool takes_any_option(void);

int mount_overlay(const struct op_overlay *op, struct failure *failure) {
  if (op->lower.count == 0) return fail(failure, EINVAL, op->target, "an overlay has at least one lower directory");
  OWNED_DESCRIPTOR context = kernel_fsopen("overlay");
  if (context < 0) return fail(failure, errno, op->target, "opening overlayfs");
  int added = add_layers(context, op, failure);
  if (added > 0) return mount_overlay_by_options(op, failure);
  if (added < 0) return -1;
  if (op->upper[0] && (set_directory(context, "upperdir", op->upper, failure) < 0 ||
                       set_directory(context, "workdir", op->work, failure) < 0)) {
    return -1;
  }
  if (set_options(context, op, failure) < 0) return -1;
  if (attach(context, op, failure) == 0) return 0;
  return failure->error == EINVAL && takes_any_option() ? mount_overlay_by_options(op, failure) : -1;
}

/* Returns 1 when the kernel says that it cannot take layers one by one. */
static int add_layers(int context, const struct op_overlay *op, struct failure *failure) {
  for (uint32_t i = 0; i < op->lower.count; i++) {
    if (set_directory(context, "lowerdir+", op->lower.items[i], failure) == 0) continue;
    return i == 0 && failure->error == EINVAL && access(op->lower.items[i], X_OK) == 0 ? 1 : -1;
  }
  return 0;
}

/* A long path goes in through a descriptor. The short ones do not, because they can then be read in /proc/mounts. */
static int set_directory(int context, const char *key, const char *path, struct failure *failure) {
  char short_path[32];
  OWNED_DESCRIPTOR directory = -1;
  const char *value = path;
  if (strlen(path) >= LONGEST_VALUE) {
    directory = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0) return fail(failure, errno, path, "opening the overlay's %s", key);
    snprintf(short_path, sizeof short_path, "/proc/self/fd/%d", directory);
    value = short_path;
  }
  if (kernel_fsconfig(context, FSCONFIG_SET_STRING, key, value, 0) == 0) return 0;
  return mount_context_failure(context, path, key, failure);
}

static int set_options(int context, const struct op_overlay *op, struct failure *failure) {
  for (uint32_t i = 0; i < op->options.count; i++) {
    char key[LONGEST_VALUE];
    snprintf(key, sizeof key, "%s", op->options.items[i]);
    char *value = strchr(key, '=');
    if (value) *value++ = 0;
    unsigned command = value ? FSCONFIG_SET_STRING : FSCONFIG_SET_FLAG;
    if (kernel_fsconfig(context, command, key, value, 0) < 0) {
      return mount_context_failure(context, op->options.items[i], "setting the overlay's option", failure);
    }
  }
  return 0;
}

static int attach(int context, const struct op_overlay *op, struct failure *failure) {
  if (kernel_fsconfig(context, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0) {
    return mount_context_failure(context, op->target, "creating the overlay", failure);
  }
  OWNED_DESCRIPTOR mount = kernel_fsmount(context, (unsigned)mount_attributes(op->flags));
  if (mount < 0) return mount_context_failure(context, op->target, "mounting the overlay", failure);
  OWNED_DESCRIPTOR target = open(op->target, O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (target < 0) return fail(failure, errno, op->target, "opening the mount point");
  return kernel_move_mount(mount, target) < 0 ? fail(failure, errno, op->target, "mounting the overlay") : 0;
}

/* Before 6.5, overlayfs collects whatever it is told, and finds out that it does not know it when it is created. */
static bool takes_any_option(void) {
  OWNED_DESCRIPTOR context = kernel_fsopen("overlay");
  return context >= 0 && kernel_fsconfig(context, FSCONFIG_SET_FLAG, "no-such-option", NULL, 0) == 0;
}
