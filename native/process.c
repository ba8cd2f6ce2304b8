#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Enough for the fields up to the start time. */
#define STAT_SIZE 1024

static const char *read_fields(pid_t pid, char text[STAT_SIZE]);

int process_start_time(pid_t pid, uint64_t *start_time) {
  char text[STAT_SIZE];
  const char *position = read_fields(pid, text);
  if (!position) return -1;
  for (int field = 2; position && field < 22; field++) {
    position = strchr(position + 1, ' ');
  }
  if (!position) {
    errno = EPROTO;
    return -1;
  }
  *start_time = strtoull(position + 1, NULL, 10);
  return 0;
}

bool process_has_ended(pid_t pid) {
  char text[STAT_SIZE];
  const char *position = read_fields(pid, text);
  return !position || strncmp(position, ") Z", 3) == 0 || strncmp(position, ") X", 3) == 0;
}

/*
 * Reads proc_pid_stat(5); returns the end of its second field, the program's name, or NULL and errno. The name may hold
 * spaces and parentheses, so that fields are counted from its end.
 */
static const char *read_fields(pid_t pid, char text[STAT_SIZE]) {
  char path[48];
  snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return NULL;
  ssize_t length = read(fd, text, STAT_SIZE - 1);
  close(fd);
  if (length <= 0) {
    errno = ESRCH;
    return NULL;
  }
  text[length] = 0;
  const char *end = strrchr(text, ')');
  if (!end) errno = EPROTO;
  return end;
}
