/*
 * The kernel interfaces that libc does not offer (musl 1.2.3 has none of these, glibc some), as thin system calls.
 * linux/mount.h and sys/mount.h cannot be included together with every libc, so mount(2) and umount2(2) are
 * declared here too.
 */
#ifndef GANTRY_KERNEL_H
#define GANTRY_KERNEL_H

#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/close_range.h>
#include <linux/mount.h>
#include <linux/openat2.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#ifndef MNT_DETACH
#define MNT_DETACH 2
#endif

int mount(const char *source, const char *target, const char *type, unsigned long flags, const void *data);
int umount2(const char *target, int flags);
int setns(int fd, int flags);
int unshare(int flags);

static inline int kernel_openat2(int directory, const char *path, uint64_t flags, uint64_t mode, uint64_t resolve) {
  struct open_how how = {.flags = flags | O_CLOEXEC, .mode = mode, .resolve = resolve};
  return (int)syscall(SYS_openat2, directory, path, &how, sizeof how);
}

static inline pid_t kernel_clone3(struct clone_args *arguments) {
  return (pid_t)syscall(SYS_clone3, arguments, sizeof *arguments);
}

static inline int kernel_pidfd_open(pid_t pid, unsigned flags) {
  return (int)syscall(SYS_pidfd_open, pid, flags);
}

static inline int kernel_pidfd_send_signal(int pidfd, int signal) {
  return (int)syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0);
}

static inline int kernel_fsopen(const char *type) {
  return (int)syscall(SYS_fsopen, type, FSOPEN_CLOEXEC);
}

static inline int kernel_fsconfig(int context, unsigned command, const char *key, const void *value, int auxiliary) {
  return (int)syscall(SYS_fsconfig, context, command, key, value, auxiliary);
}

static inline int kernel_fsmount(int context, unsigned attributes) {
  return (int)syscall(SYS_fsmount, context, FSMOUNT_CLOEXEC, attributes);
}

static inline int kernel_open_tree(int directory, const char *path, unsigned flags) {
  return (int)syscall(SYS_open_tree, directory, path, flags | OPEN_TREE_CLOEXEC);
}

/* Moves the detached mount `mount` onto the directory or file open as `target`. */
static inline int kernel_move_mount(int mount, int target) {
  return (int)syscall(SYS_move_mount, mount, "", target, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH);
}

static inline int kernel_mount_setattr(int mount, unsigned flags, struct mount_attr *attributes) {
  return (int)syscall(SYS_mount_setattr, mount, "", flags | AT_EMPTY_PATH, attributes, sizeof *attributes);
}

static inline int kernel_pivot_root(const char *new_root, const char *put_old) {
  return (int)syscall(SYS_pivot_root, new_root, put_old);
}

static inline int kernel_bpf(int command, union bpf_attr *attributes, size_t size) {
  return (int)syscall(SYS_bpf, command, attributes, size);
}

static inline int kernel_close_range(unsigned first, unsigned last, unsigned flags) {
  return (int)syscall(SYS_close_range, first, last, flags);
}

#endif
