/* A directory of a running container as the root of what follows. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "descriptor.h"
#include "process.h"
#include "rooted.h"
#include "tree_operations.h"

static int open_root_of(const struct op_tree_enter *op);

int tree_enter(struct tree_places *places, const struct op_tree_enter *op, struct failure *failure) {
  char root[32], subject[24];
  snprintf(subject, sizeof subject, "%u", op->pid);
  if (strlen(op->root) >= sizeof places->root_path) return fail(failure, ENAMETOOLONG, op->root, "entering the root");
  OWNED_DESCRIPTOR process_root = open_root_of(op);
  if (process_root < 0) return fail(failure, errno, subject, "opening the root of the process");
  snprintf(root, sizeof root, "/proc/self/fd/%d", process_root);
  OWNED_DESCRIPTOR found = rooted_make_directory(root, op->path, NULL);
  if (found < 0) return fail(failure, errno, op->path, "opening the directory in the container");
  /* Found by path only: to be removed from and synced it has to be open for reading. */
  int directory = openat(found, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) return fail(failure, errno, op->path, "reading the directory in the container");
  tree_places_close(places);
  strcpy(places->root_path, op->root);
  places->root = directory;
  return 0;
}

/* The start time is read once the directory in /proc is held: from then on the pid cannot be another process's. */
static int open_root_of(const struct op_tree_enter *op) {
  char path[32];
  uint64_t start_time;
  snprintf(path, sizeof path, "/proc/%u", op->pid);
  OWNED_DESCRIPTOR process = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (process < 0) return -1;
  if (process_start_time((pid_t)op->pid, &start_time) < 0 || start_time != op->start_time) {
    errno = ESRCH;
    return -1;
  }
  return openat(process, "root", O_PATH | O_DIRECTORY | O_CLOEXEC);
}
