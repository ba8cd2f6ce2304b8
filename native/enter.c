/*
 * gantry-shim enter PROGRAM [ARGUMENT...]: executes a program in the user's own user namespace, as root of it, with
 * mounts of its own. Root, of the host or of such a namespace already, gets the program as it is.
 *
 * The program is executed in any case: what it does may need no namespace, and it can explain best. In the environment
 * it finds GANTRY_ROOTLESS, the user's id outside, and GANTRY_RUNTIME_DIR; or GANTRY_ROOTLESS_FAILED, a status line.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel.h"
#include "runtime_directory.h"
#include "subcommands.h"
#include "user_namespace.h"

static int enter(uid_t user, gid_t group, struct failure *failure);
static void tell_failure(const struct failure *failure);

int enter_main(char *const program[]) {
  struct failure failure = {.op = "enter"};
  uid_t user = geteuid();
  if (user != 0) {
    char text[16];
    snprintf(text, sizeof text, "%u", user);
    unsetenv("GANTRY_ROOTLESS_FAILED");
    unsetenv("GANTRY_ROOTLESS");
    if (enter(user, getegid(), &failure) < 0) tell_failure(&failure);
    else setenv("GANTRY_ROOTLESS", text, 1);
  }
  execvp(program[0], program);
  fprintf(stderr, "error: %s cannot be executed: %s\n", program[0], strerror(errno));
  return EXIT_HELPER_FAILED;
}

static int enter(uid_t user, gid_t group, struct failure *failure) {
  char runtime[PATH_MAX / 2], directory[PATH_MAX];
  if (runtime_directory_find(user, runtime, sizeof runtime, failure) < 0) return -1;
  snprintf(directory, sizeof directory, "%s/gantry", runtime);
  if (runtime_directory_make(directory, user, failure) < 0) return -1;
  setenv("GANTRY_RUNTIME_DIR", runtime, 1);
  if (user_namespace_enter(directory, user, group, failure) < 0) return -1;
  /* A system may allow the namespace and then withhold its capabilities (Ubuntu's AppArmor): this finds out. */
  if (unshare(CLONE_NEWNS) < 0) return fail(failure, errno, "-", "making a mount namespace in the user namespace");
  return 0;
}

static void tell_failure(const struct failure *failure) {
  char line[1024];
  size_t length = failure_line(failure, line, sizeof line);
  line[length - 1] = 0;
  setenv("GANTRY_ROOTLESS_FAILED", line, 1);
}
