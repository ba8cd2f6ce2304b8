#include "program.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "descriptor.h"
#include "kernel.h"
#include "rooted.h"

/* Where execvp(3) looks without PATH. */
#define DEFAULT_PATH "/usr/local/bin:/bin:/usr/bin"

static int make_directory(const struct op_cwd *op);
static void reset_signals(void);
static const char *search_path(const struct plan_strings *env);
static void execute_from(const struct op_exec *op, const char *path);

int program_enter_directory(const struct op_cwd *op, struct failure *failure) {
  char reached[PATH_MAX];
  if (chdir(op->path) < 0) {
    if (errno != ENOENT || !op->create) return fail(failure, errno, op->path, "entering the working directory");
    if (make_directory(op) < 0 || chdir(op->path) < 0) {
      return fail(failure, errno, op->path, "making the working directory");
    }
  }
  /* A link into /proc/<pid>/fd could lead to a directory of the host; the kernel then gives no absolute path. */
  if (syscall(SYS_getcwd, reached, sizeof reached) < 0 || reached[0] != '/') {
    return fail(failure, EXDEV, op->path, "the working directory is outside the container");
  }
  return 0;
}

static int make_directory(const struct op_cwd *op) {
  bool created;
  OWNED_DESCRIPTOR directory = rooted_make_directory("/", op->path, &created);
  if (directory < 0) return -1;
  return created ? fchownat(directory, "", op->uid, op->gid, AT_EMPTY_PATH) : 0;
}

int program_execute(const struct op_exec *op, struct failure *failure) {
  const char *name = op->argv.items[0];
  kernel_close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
  reset_signals();
  if (strchr(name, '/')) execve(name, op->argv.items, op->env.items);
  else if (name[0]) execute_from(op, search_path(&op->env));
  else errno = ENOENT;
  return fail(failure, errno, name, "executing the program");
}

/* Ignored signals and the mask outlive execve; caught ones do not. */
static void reset_signals(void) {
  sigset_t none;
  for (int number = 1; number < _NSIG; number++) signal(number, SIG_DFL);
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
}

static const char *search_path(const struct plan_strings *env) {
  for (uint32_t i = 0; i < env->count; i++) {
    if (strncmp(env->items[i], "PATH=", 5) == 0) return env->items[i] + 5;
  }
  return DEFAULT_PATH;
}

/* As execvp(3): a file that may not be executed is passed over, and remembered if no other is found. */
static void execute_from(const struct op_exec *op, const char *path) {
  int error = ENOENT;
  for (;;) {
    char candidate[PATH_MAX];
    size_t length = strcspn(path, ":");
    int written = snprintf(candidate, sizeof candidate, "%.*s%s%s", (int)length, path, length > 0 ? "/" : "",
                           op->argv.items[0]);
    if (written > 0 && (size_t)written < sizeof candidate) {
      execve(candidate, op->argv.items, op->env.items);
      if (errno != ENOENT && errno != ENOTDIR && errno != EACCES) return;
      if (errno == EACCES) error = EACCES;
    }
    if (!path[length]) break;
    path += length + 1;
  }
  errno = error;
}
