#include "surviving_namespace.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/nsfs.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include "descriptor.h"
#include "kernel.h"
#include "process.h"

static int open_namespace(int proc, const char *pid, uid_t user, const struct stat *own);
static bool is_ours(int proc, const char *pid, uid_t user);
static bool is_child_of(int namespace, uid_t user, const struct stat *own);

int surviving_namespace_open(uid_t user) {
  struct stat own;
  DIR *proc = opendir("/proc");
  int found = -1;
  if (!proc) return -1;
  if (stat("/proc/self/ns/user", &own) == 0) {
    const struct dirent *entry;
    while (found < 0 && (entry = readdir(proc))) {
      if (entry->d_name[0] < '1' || entry->d_name[0] > '9') continue;
      found = open_namespace(dirfd(proc), entry->d_name, user, &own);
    }
  }
  closedir(proc);
  return found;
}

static int open_namespace(int proc, const char *pid, uid_t user, const struct stat *own) {
  char path[48];
  if (!is_ours(proc, pid, user)) return -1;
  snprintf(path, sizeof path, "%.16s/ns/user", pid);
  int namespace = openat(proc, path, O_RDONLY | O_CLOEXEC);
  if (namespace < 0 || is_child_of(namespace, user, own)) return namespace;
  close(namespace);
  return -1;
}

static bool is_ours(int proc, const char *pid, uid_t user) {
  char path[48], name[16] = "";
  struct stat status;
  if (fstatat(proc, pid, &status, 0) < 0 || status.st_uid != user) return false;
  /* The namespaces of a zombie can still be opened: one would come back that everybody has left. */
  if (process_has_ended((pid_t)strtol(pid, NULL, 10))) return false;
  snprintf(path, sizeof path, "%.16s/comm", pid);
  OWNED_DESCRIPTOR file = openat(proc, path, O_RDONLY | O_CLOEXEC);
  return file >= 0 && read(file, name, sizeof name - 1) > 0 && strncmp(name, "gantry-", strlen("gantry-")) == 0;
}

/*
 * A program in a container can give itself any name; but a user namespace that it makes is the child of the container's
 * own. Only the namespace is entered, never what else such a process has: not its mounts.
 */
static bool is_child_of(int namespace, uid_t user, const struct stat *own) {
  uid_t owner;
  struct stat status;
  if (ioctl(namespace, NS_GET_OWNER_UID, &owner) < 0 || owner != user) return false;
  OWNED_DESCRIPTOR parent = ioctl(namespace, NS_GET_PARENT);
  return parent >= 0 && fstat(parent, &status) == 0 && status.st_dev == own->st_dev && status.st_ino == own->st_ino;
}
