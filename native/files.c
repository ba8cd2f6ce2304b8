#include "files.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "descriptor.h"
#include "kernel.h"
#include "mounts.h"
#include "rooted.h"

static int make_directory(const struct op_mkdir *op, struct failure *failure);
static int write_whole_file(const struct op_write_file *op, struct failure *failure);
static int make_symbolic_link(const struct op_symlink *op, struct failure *failure);
static int make_node(const struct op_mknod *op, struct failure *failure);

bool file_executes(enum op_code code) {
  return code >= OP_MKDIR && code <= OP_COPY_TREE;
}

int file_execute(const struct op *op, struct failure *failure) {
  switch ((unsigned)op->code) {
    case OP_MKDIR:
      return make_directory(&op->mkdir, failure);
    case OP_WRITE_FILE:
      return write_whole_file(&op->write_file, failure);
    case OP_SYMLINK:
      return make_symbolic_link(&op->symlink, failure);
    case OP_MKNOD:
      return make_node(&op->mknod, failure);
    default:
      return copy_tree(&op->copy_tree, failure);
  }
}

static int make_directory(const struct op_mkdir *op, struct failure *failure) {
  bool created;
  OWNED_DESCRIPTOR place = rooted_make_directory(op->root, op->path, &created);
  if (place < 0) return fail(failure, errno, op->path, "making the directory beneath %s", op->root);
  if (!created) return 0;
  /* O_PATH descriptors cannot be changed, so it is opened once more through itself. */
  OWNED_DESCRIPTOR directory = openat(place, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0 || fchown(directory, op->uid, op->gid) < 0 || fchmod(directory, op->mode & 07777) < 0) {
    return fail(failure, errno, op->path, "setting owner and mode of the directory");
  }
  return 0;
}

static int write_content(int fd, const struct plan_bytes *content);

static int write_whole_file(const struct op_write_file *op, struct failure *failure) {
  char name[NAME_MAX + 1];
  OWNED_DESCRIPTOR parent = rooted_make_parent(op->root, op->path, name);
  if (parent < 0) return fail(failure, errno, op->path, "opening the directory beneath %s", op->root);
  OWNED_DESCRIPTOR file = openat(parent, name, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
  struct stat status;
  if (file < 0 || fstat(file, &status) < 0) return fail(failure, errno, op->path, "opening the file to write it");
  if (!S_ISREG(status.st_mode)) return fail(failure, EINVAL, op->path, "not a regular file");
  if (write_content(file, &op->content) < 0) return fail(failure, errno, op->path, "writing the file");
  if (fchown(file, op->uid, op->gid) < 0 || fchmod(file, op->mode & 07777) < 0) {
    return fail(failure, errno, op->path, "setting owner and mode of the file");
  }
  return 0;
}

static int write_content(int fd, const struct plan_bytes *content) {
  for (size_t done = 0; done < content->length;) {
    ssize_t written = write(fd, content->data + done, content->length - done);
    if (written < 0 && errno != EINTR) return -1;
    if (written > 0) done += (size_t)written;
  }
  return 0;
}

static int make_symbolic_link(const struct op_symlink *op, struct failure *failure) {
  char name[NAME_MAX + 1];
  OWNED_DESCRIPTOR parent = rooted_make_parent(op->root, op->path, name);
  if (parent < 0) return fail(failure, errno, op->path, "opening the directory beneath %s", op->root);
  if (symlinkat(op->target, parent, name) < 0 && errno != EEXIST) {
    return fail(failure, errno, op->path, "making the link to %s", op->target);
  }
  return 0;
}

static int bind_host_node(const struct op_mknod *op, int parent, const char *name, struct failure *failure);

static int make_node(const struct op_mknod *op, struct failure *failure) {
  char name[NAME_MAX + 1];
  OWNED_DESCRIPTOR parent = rooted_make_parent(op->root, op->path, name);
  if (parent < 0) return fail(failure, errno, op->path, "opening the directory beneath %s", op->root);
  mode_t mask = umask(0);
  int error = mknodat(parent, name, op->mode, makedev(op->device_major, op->device_minor)) < 0 ? errno : 0;
  umask(mask);
  if (error == EPERM) return bind_host_node(op, parent, name, failure);
  if (error) return fail(failure, error, op->path, "making the device");
  if (fchownat(parent, name, op->uid, op->gid, AT_SYMLINK_NOFOLLOW) < 0) {
    return fail(failure, errno, op->path, "setting the owner of the device");
  }
  return 0;
}

static int open_host_node(const struct op_mknod *op);

/* In a user namespace no device can be made, but the host's can be lent. */
static int bind_host_node(const struct op_mknod *op, int parent, const char *name, struct failure *failure) {
  OWNED_DESCRIPTOR source = open_host_node(op);
  if (source < 0) return fail(failure, errno, op->path, "finding the host's device %u:%u", op->device_major, op->device_minor);
  OWNED_DESCRIPTOR place = openat(parent, name, O_CREAT | O_EXCL | O_NOFOLLOW | O_WRONLY | O_CLOEXEC, 0644);
  if (place < 0) return fail(failure, errno, op->path, "making a place for the host's device");
  OWNED_DESCRIPTOR target = openat(parent, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
  if (target >= 0 && mount_bind_descriptors(source, target, false) == 0) return 0;
  return fail(failure, errno, op->path, "mounting the host's device");
}

static bool is_node(int fd, const struct op_mknod *op) {
  struct stat status;
  return fstat(fd, &status) == 0 && (status.st_mode & S_IFMT) == (op->mode & S_IFMT) &&
         status.st_rdev == makedev(op->device_major, op->device_minor);
}

/* The same name is most often the same device; where it has another, udev keeps a link with its numbers. */
static int open_host_node(const struct op_mknod *op) {
  char by_number[64];
  snprintf(by_number, sizeof by_number, "/dev/%s/%u:%u", S_ISBLK(op->mode) ? "block" : "char", op->device_major,
           op->device_minor);
  const char *const places[] = {op->path, by_number};
  for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
    int fd = open(places[i], O_PATH | O_CLOEXEC);
    if (fd >= 0 && is_node(fd, op)) return fd;
    descriptor_close(&fd);
  }
  errno = ENODEV;
  return -1;
}
