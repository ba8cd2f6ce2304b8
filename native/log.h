/* A container's log: CRI log format, with rotation (docs/launch-plan.md, "log"). */
#ifndef GANTRY_LOG_H
#define GANTRY_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

/* A longer line is written in parts of this size. */
#define LOG_LONGEST_PART 16384

/* One of the program's two outputs: the beginning of a line whose end has not come yet. */
struct log_stream {
  const char *name;
  size_t carried;
  char carry[LOG_LONGEST_PART];
};

struct log {
  /* Empty: everything is discarded. */
  const char *path;
  int fd;
  uint64_t size;
  uint64_t maximum_size;
  uint32_t maximum_files;
  /* Lines formatted and not written yet. */
  size_t pending;
  char buffer[128 * 1024];
};

/* Opens the log to append to it. Returns 0, or -1 and errno. */
int log_open(struct log *log, const char *path, uint64_t maximum_size, uint32_t maximum_files);

/* Takes over what the program has written to a stream; complete lines are in the file on return. */
void log_append(struct log *log, struct log_stream *stream, const char *data, size_t length);

/* Writes the unfinished line of a stream that has ended. */
void log_finish(struct log *log, struct log_stream *stream);

#endif
