#include "id_mapping.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "descriptor.h"
#include "subordinate_ids.h"

/* Of each range: first id inside, first id outside, count. */
#define MOST_ARGUMENTS (2 + 3 * (1 + MAXIMUM_ID_RANGES) + 1)

static pid_t start_program(const char *program, pid_t process, unsigned own, const struct id_range *ranges, size_t count);
static int succeeded(pid_t program);
static int map_one(pid_t process, const char *file, unsigned own, struct failure *failure);
static int write_file(pid_t process, const char *file, const char *text, struct failure *failure);

int map_ids(pid_t process, uid_t user, gid_t group, struct failure *failure) {
  struct id_range users[MAXIMUM_ID_RANGES], groups[MAXIMUM_ID_RANGES];
  const struct passwd *entry = getpwuid(user);
  const char *name = entry ? entry->pw_name : getenv("USER");
  size_t user_count = subordinate_ids("/etc/subuid", name, user, users);
  size_t group_count = subordinate_ids("/etc/subgid", name, user, groups);
  /* Side by side, as each takes a millisecond or two. */
  pid_t map_users = start_program("newuidmap", process, user, users, user_count);
  pid_t map_groups = start_program("newgidmap", process, group, groups, group_count);
  bool users_mapped = succeeded(map_users), groups_mapped = succeeded(map_groups);
  if (!users_mapped && map_one(process, "uid_map", user, failure) < 0) return -1;
  if (groups_mapped) return 0;
  /* The kernel's condition: otherwise a group that keeps its members out of a file could be left. */
  if (write_file(process, "setgroups", "deny", failure) < 0) return -1;
  return map_one(process, "gid_map", group, failure);
}

static _Noreturn void become(const char *program, pid_t process, unsigned own, const struct id_range *ranges,
                             size_t count) {
  char numbers[MOST_ARGUMENTS][24];
  char *argv[MOST_ARGUMENTS + 1] = {numbers[0]};
  uint64_t inside = 1;
  size_t used = 0;
  snprintf(numbers[used++], sizeof *numbers, "%s", program);
  snprintf(numbers[used++], sizeof *numbers, "%d", (int)process);
  snprintf(numbers[used++], sizeof *numbers, "0");
  snprintf(numbers[used++], sizeof *numbers, "%u", own);
  snprintf(numbers[used++], sizeof *numbers, "1");
  for (size_t i = 0; i < count; i++) {
    snprintf(numbers[used++], sizeof *numbers, "%llu", (unsigned long long)inside);
    snprintf(numbers[used++], sizeof *numbers, "%llu", (unsigned long long)ranges[i].first);
    snprintf(numbers[used++], sizeof *numbers, "%llu", (unsigned long long)ranges[i].count);
    inside += ranges[i].count;
  }
  for (size_t i = 0; i < used; i++) argv[i] = numbers[i];
  /* What it complains of, `gantry doctor` explains better. */
  int null_device = open("/dev/null", O_RDWR | O_CLOEXEC);
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) dup2(null_device, fd);
  execvp(program, argv);
  _exit(EXIT_HELPER_FAILED);
}

/* Returns -1 when there is nothing to map, or the program could not be started. */
static pid_t start_program(const char *program, pid_t process, unsigned own, const struct id_range *ranges,
                           size_t count) {
  pid_t pid = count == 0 ? -1 : fork();
  if (pid == 0) become(program, process, own, ranges, count);
  return pid;
}

static int succeeded(pid_t program) {
  int status;
  if (program < 0) return 0;
  while (waitpid(program, &status, 0) < 0) {
    if (errno != EINTR) return 0;
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static int map_one(pid_t process, const char *file, unsigned own, struct failure *failure) {
  char text[32];
  snprintf(text, sizeof text, "0 %u 1", own);
  return write_file(process, file, text, failure);
}

static int write_file(pid_t process, const char *file, const char *text, struct failure *failure) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/%s", (int)process, file);
  OWNED_DESCRIPTOR fd = open(path, O_WRONLY | O_CLOEXEC);
  size_t length = strlen(text);
  if (fd >= 0 && write(fd, text, length) == (ssize_t)length) return 0;
  return fail(failure, errno, file, "mapping the ids of the user namespace");
}
