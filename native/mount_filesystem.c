/* New file systems: proc, sysfs, tmpfs, devpts, mqueue, cgroup … */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "descriptor.h"
#include "kernel.h"
#include "mounts.h"
#include "rooted.h"

static int set_options(int context, const char *data);
static int set_option(int context, const char *option, size_t length);
static int set_superblock_flags(int context, uint64_t flags);

int mount_filesystem(const struct op_mount *op, struct failure *failure) {
  OWNED_DESCRIPTOR mount = mount_new_filesystem(op->type, op->source, op->data, op->flags, failure);
  if (mount < 0) return -1;
  OWNED_DESCRIPTOR target = rooted_make_directory(op->root, op->target, NULL);
  if (target < 0) return fail(failure, errno, op->target, "opening the mount point beneath %s", op->root);
  if (kernel_move_mount(mount, target) < 0) {
    return fail(failure, errno, op->target, "mounting %s beneath %s", op->type, op->root);
  }
  return 0;
}

int mount_new_filesystem(const char *type, const char *source, const char *data, uint64_t flags,
                         struct failure *failure) {
  OWNED_DESCRIPTOR context = kernel_fsopen(type);
  if (context < 0) return fail(failure, errno, type, "opening the file system type");
  if ((source[0] && kernel_fsconfig(context, FSCONFIG_SET_STRING, "source", source, 0) < 0) ||
      set_superblock_flags(context, flags) < 0 || set_options(context, data) < 0) {
    return mount_context_failure(context, type, "setting the options", failure);
  }
  if (kernel_fsconfig(context, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0) {
    return mount_context_failure(context, type, "creating the file system", failure);
  }
  int mount = kernel_fsmount(context, (unsigned)mount_attributes(flags));
  return mount < 0 ? mount_context_failure(context, type, "mounting the file system", failure) : mount;
}

int mount_context_failure(int context, const char *subject, const char *attempted, struct failure *failure) {
  int error = errno;
  char message[192];
  ssize_t length = read(context, message, sizeof message - 1);
  if (length <= 2) return fail(failure, error, subject, "%s", attempted);
  message[length] = 0;
  message[strcspn(message, "\n")] = 0;
  /* A message begins with its kind, "e " for an error. */
  return fail(failure, error, subject, "%s: %s", attempted, message + 2);
}

static int set_options(int context, const char *data) {
  while (*data) {
    size_t length = strcspn(data, ",");
    if (length > 0 && set_option(context, data, length) < 0) return -1;
    data += length;
    data += strspn(data, ",");
  }
  return 0;
}

static int set_option(int context, const char *option, size_t length) {
  char text[PATH_MAX];
  if (length >= sizeof text) {
    errno = ENAMETOOLONG;
    return -1;
  }
  memcpy(text, option, length);
  text[length] = 0;
  char *value = strchr(text, '=');
  if (!value) return kernel_fsconfig(context, FSCONFIG_SET_FLAG, text, NULL, 0);
  *value++ = 0;
  return kernel_fsconfig(context, FSCONFIG_SET_STRING, text, value, 0);
}

/* The flags of mount(2) that belong to the file system rather than to the mount. */
static int set_superblock_flags(int context, uint64_t flags) {
  static const struct {
    uint64_t flag;
    const char *name;
  } names[] = {{MS_SYNCHRONOUS, "sync"}, {MS_DIRSYNC, "dirsync"}, {MS_LAZYTIME, "lazytime"}};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    if ((flags & names[i].flag) && kernel_fsconfig(context, FSCONFIG_SET_FLAG, names[i].name, NULL, 0) < 0) return -1;
  }
  return 0;
}
