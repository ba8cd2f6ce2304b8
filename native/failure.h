/* How an operation says that it failed: which one, on what, why. Turned into one status line. */
#ifndef GANTRY_FAILURE_H
#define GANTRY_FAILURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Exit code of the helper when it fails itself. */
#define EXIT_HELPER_FAILED 125

struct failure {
  /* Name of the operation (op_name); set by whoever executes the plan. */
  const char *op;
  int error;
  /* Path, link, pid … the operation was about. */
  char subject[512];
  /* What was being attempted, in plain words. */
  char text[256];
};

/*
 * Records a failure and returns -1, so that a caller can `return fail(failure, errno, path, "mounting %s", type)`.
 * The operation's name is kept as it is.
 */
int fail(struct failure *failure, int error, const char *subject, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Records that the plan itself is malformed at operation number index, and returns -1. */
int fail_malformed(struct failure *failure, size_t index, const char *text);

/* "ENOENT" for 2; "EUNKNOWN" for a number without a name. */
const char *errno_name(int error);

/*
 * Writes the status line "failed <op> <errno name> <errno number> <subject>: <text>\n" into line and returns its
 * length. Control characters are replaced, so that it stays one line.
 */
size_t failure_line(const struct failure *failure, char *line, size_t capacity);

/* Every status line of this process begins with this number from now on, as a launcher's answers do. */
void number_status(uint32_t number);

/* Writes a whole status line to fd, at once; -1 when there is nobody left to tell. */
int write_status(int fd, const char *line, size_t length);

/* Writes the failure as a status line to fd. */
void write_failure(int fd, const struct failure *failure);

#endif
