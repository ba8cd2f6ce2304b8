#include "failure.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>
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

static char prefix[16];

void number_status(uint32_t number) {
  snprintf(prefix, sizeof prefix, "%u ", number);
}

/* In one write, so that lines of several processes do not mix: the kernel takes this little whole or not at all. */
int write_status(int fd, const char *line, size_t length) {
  struct iovec parts[] = {{prefix, strlen(prefix)}, {(char *)(uintptr_t)line, length}};
  ssize_t written;
  do written = writev(fd, parts, 2);
  while (written < 0 && errno == EINTR);
  return written == (ssize_t)(parts[0].iov_len + length) ? 0 : -1;
}

void write_failure(int fd, const struct failure *failure) {
  char line[1024];
  write_status(fd, line, failure_line(failure, line, sizeof line));
}
