#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int process_start_time(pid_t pid, uint64_t *start_time) {
  char path[48], text[1024];
  snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return -1;
  ssize_t length = read(fd, text, sizeof text - 1);
  close(fd);
  if (length <= 0) {
    errno = ESRCH;
    return -1;
  }
  text[length] = 0;
  /* The second field is the program's name, which may hold spaces and parentheses: count from its end. */
  char *position = strrchr(text, ')');
  if (position && position[1] && (position[2] == 'Z' || position[2] == 'X')) {
    errno = ESRCH;
    return -1;
  }
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
