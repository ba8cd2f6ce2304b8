#include "failure.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int fail(struct failure *failure, int error, const char *subject, const char *format, ...) {
  failure->error = error;
  snprintf(failure->subject, sizeof failure->subject, "%s", subject);
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(failure->text, sizeof failure->text, format, arguments);
  va_end(arguments);
  return -1;
}

int fail_malformed(struct failure *failure, size_t index, const char *text) {
  char number[24];
  snprintf(number, sizeof number, "%zu", index);
  failure->op = "plan";
  return fail(failure, EBADMSG, number, "%s", text);
}

size_t failure_line(const struct failure *failure, char *line, size_t capacity) {
  int length = snprintf(line, capacity, "failed %s %s %d %s: %s", failure->op ? failure->op : "helper",
                        errno_name(failure->error), failure->error, failure->subject[0] ? failure->subject : "-",
                        failure->text);
  if (length < 0) return 0;
  size_t end = (size_t)length < capacity - 1 ? (size_t)length : capacity - 2;
  for (size_t i = 0; i < end; i++) {
    if ((unsigned char)line[i] < ' ' || line[i] == 127) line[i] = '?';
  }
  line[end++] = '\n';
  return end;
}

int write_status(int fd, const char *line, size_t length) {
  while (length > 0) {
    ssize_t written = write(fd, line, length);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return -1;
    line += written;
    length -= (size_t)written;
  }
  return 0;
}

void write_failure(int fd, const struct failure *failure) {
  char line[1024];
  write_status(fd, line, failure_line(failure, line, sizeof line));
}
