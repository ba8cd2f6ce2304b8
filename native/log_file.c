#include "log_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static void numbered(char name[PATH_MAX], const char *path, uint32_t number);

/* A monitor killed while writing leaves half a line: it is ended, so that the next one begins on its own. */
int log_file_open(const char *path, uint64_t *size) {
  struct stat status;
  char last;
  int fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0) return -1;
  *size = fstat(fd, &status) == 0 ? (uint64_t)status.st_size : 0;
  if (*size > 0 && pread(fd, &last, 1, status.st_size - 1) == 1 && last != '\n' && write(fd, "\n", 1) == 1) ++*size;
  return fd;
}

int log_file_rotate(const char *path, int fd, uint32_t files, uint64_t *size) {
  char from[PATH_MAX], to[PATH_MAX];
  for (uint32_t number = files; number-- > 1;) {
    numbered(from, path, number - 1);
    numbered(to, path, number);
    rename(from, to);
  }
  if (files == 1) unlink(path);
  uint64_t new_size;
  int opened = log_file_open(path, &new_size);
  if (opened < 0) return fd;
  close(fd);
  *size = new_size;
  return opened;
}

static void numbered(char name[PATH_MAX], const char *path, uint32_t number) {
  if (number == 0) snprintf(name, PATH_MAX, "%s", path);
  else snprintf(name, PATH_MAX, "%s.%u", path, number);
}
