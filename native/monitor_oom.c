/* Whether the kernel killed for memory: a counter in a file of the container's cgroup. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "monitor.h"

int oom_counter_open(const char *path) {
  return path[0] ? open(path, O_RDONLY | O_CLOEXEC) : -1;
}

/* The file has one "key number" per line. */
uint64_t oom_counter_read(int fd, const char *key) {
  char text[1024];
  ssize_t length = fd < 0 ? -1 : pread(fd, text, sizeof text - 1, 0);
  if (length <= 0) return 0;
  text[length] = 0;
  size_t key_length = strlen(key);
  for (const char *line = text; line; line = strchr(line, '\n')) {
    if (*line == '\n') line++;
    if (strncmp(line, key, key_length) == 0 && line[key_length] == ' ') return strtoull(line + key_length, NULL, 10);
  }
  return 0;
}
