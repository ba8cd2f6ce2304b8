/* From mount(2)'s flags to mount_setattr(2)'s attributes. */
#include "kernel.h"
#include "mounts.h"

static const struct {
  uint64_t flag;
  uint64_t attribute;
} attributes[] = {
    {MS_RDONLY, MOUNT_ATTR_RDONLY},           {MS_NOSUID, MOUNT_ATTR_NOSUID},
    {MS_NODEV, MOUNT_ATTR_NODEV},             {MS_NOEXEC, MOUNT_ATTR_NOEXEC},
    {MS_NOATIME, MOUNT_ATTR_NOATIME},         {MS_STRICTATIME, MOUNT_ATTR_STRICTATIME},
    {MS_NODIRATIME, MOUNT_ATTR_NODIRATIME},   {MS_NOSYMFOLLOW, MOUNT_ATTR_NOSYMFOLLOW},
};

uint64_t mount_attributes(uint64_t flags) {
  uint64_t result = 0;
  for (size_t i = 0; i < sizeof attributes / sizeof *attributes; i++) {
    if (flags & attributes[i].flag) result |= attributes[i].attribute;
  }
  return result;
}

int mount_set_attributes(int fd, uint64_t set, uint64_t propagation, bool recursive) {
  struct mount_attr change = {.attr_set = set, .propagation = propagation};
  /* The access-time attributes are one field of several values: it has to be cleared to be set. */
  if (set & (MOUNT_ATTR_NOATIME | MOUNT_ATTR_STRICTATIME)) change.attr_clr = MOUNT_ATTR__ATIME;
  return kernel_mount_setattr(fd, recursive ? AT_RECURSIVE : 0, &change);
}
