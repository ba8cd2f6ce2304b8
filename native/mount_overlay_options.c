/* overlayfs on kernels before 6.5. */
#include <errno.h>
#include <stdio.h>

#include "descriptor.h"
#include "kernel.h"
#include "mounts.h"

struct options {
  char text[4096];
  size_t length;
  bool overflow;
};

static int append_directory(struct options *options, const char *separator, const char *path, struct failure *failure);
static void append(struct options *options, const char *separator, const char *text);
static int mount_with_options(const struct op_overlay *op, const struct options *options, struct failure *failure);

/*
 * Older kernels take all layers in mount(2)'s one page of options. Descriptor numbers, looked up from the directory
 * /proc/self/fd, are names of three or four bytes and need no escaping: that is room for all 500 layers
 * overlayfs can stack. The descriptors are left to the end of the process or its exec, which is near.
 */
int mount_overlay_by_options(const struct op_overlay *op, struct failure *failure) {
  struct options options = {0};
  for (uint32_t i = 0; i < op->lower.count; i++) {
    if (append_directory(&options, i == 0 ? "lowerdir=" : ":", op->lower.items[i], failure) < 0) return -1;
  }
  if (op->upper[0] && (append_directory(&options, ",upperdir=", op->upper, failure) < 0 ||
                       append_directory(&options, ",workdir=", op->work, failure) < 0)) {
    return -1;
  }
  for (uint32_t i = 0; i < op->options.count; i++) append(&options, ",", op->options.items[i]);
  if (options.overflow) return fail(failure, E2BIG, op->target, "too many layers for this kernel");
  return mount_with_options(op, &options, failure);
}

static int append_directory(struct options *options, const char *separator, const char *path, struct failure *failure) {
  char number[16];
  int directory = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) return fail(failure, errno, path, "opening a directory of the overlay");
  snprintf(number, sizeof number, "%d", directory);
  append(options, separator, number);
  return 0;
}

static void append(struct options *options, const char *separator, const char *text) {
  int written = snprintf(options->text + options->length, sizeof options->text - options->length, "%s%s", separator,
                         text);
  if (written < 0 || (size_t)written >= sizeof options->text - options->length) options->overflow = true;
  else options->length += (size_t)written;
}

static int mount_with_options(const struct op_overlay *op, const struct options *options, struct failure *failure) {
  OWNED_DESCRIPTOR before = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (before < 0 || chdir("/proc/self/fd") < 0) return fail(failure, errno, op->target, "entering /proc/self/fd");
  int error = mount("overlay", op->target, "overlay", (unsigned long)op->flags, options->text) < 0 ? errno : 0;
  if (fchdir(before) < 0) return fail(failure, errno, op->target, "returning from /proc/self/fd");
  return error ? fail(failure, error, op->target, "mounting the overlay of %u layers", op->lower.count) : 0;
}
