#include "log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "log_file.h"

/* "2026-01-31T10:00:00.000000000Z stdout F " */
#define PREFIX_LENGTH 40
#define TAG_POSITION (PREFIX_LENGTH - 2)

struct text {
  const char *data;
  size_t length;
};

static void format_prefix(char prefix[PREFIX_LENGTH + 1], const char *stream);
static void add_line(struct log *log, const char *prefix, char tag, struct text begin, struct text end);
static void append(struct log *log, const char *data, size_t length);
static void flush(struct log *log);

int log_open(struct log *log, const char *path, uint64_t maximum_size, uint32_t maximum_files) {
  log->path = path;
  log->maximum_size = maximum_size;
  log->maximum_files = maximum_files > 0 ? maximum_files : 1;
  log->pending = 0;
  log->fd = -1;
  if (!path[0]) return 0;
  log->fd = log_file_open(path, &log->size);
  return log->fd < 0 ? -1 : 0;
}

/* All lines of one read share one time: asking the clock for each would tell nothing more. */
void log_append(struct log *log, struct log_stream *stream, const char *data, size_t length) {
  if (log->fd < 0 || length == 0) return;
  char prefix[PREFIX_LENGTH + 1];
  format_prefix(prefix, stream->name);
  while (length > 0) {
    const char *newline = memchr(data, '\n', length);
    size_t piece = newline ? (size_t)(newline - data) : length;
    bool too_long = stream->carried + piece > LOG_LONGEST_PART;
    if (too_long) piece = LOG_LONGEST_PART - stream->carried;
    if (too_long || newline) {
      add_line(log, prefix, too_long ? 'P' : 'F', (struct text){stream->carry, stream->carried},
               (struct text){data, piece});
      stream->carried = 0;
      if (!too_long) piece++;
    } else {
      memcpy(stream->carry + stream->carried, data, piece);
      stream->carried += piece;
    }
    data += piece;
    length -= piece;
  }
  flush(log);
}

void log_finish(struct log *log, struct log_stream *stream) {
  if (log->fd < 0 || stream->carried == 0) return;
  char prefix[PREFIX_LENGTH + 1];
  format_prefix(prefix, stream->name);
  add_line(log, prefix, 'P', (struct text){stream->carry, stream->carried}, (struct text){NULL, 0});
  stream->carried = 0;
  flush(log);
}

static void format_prefix(char prefix[PREFIX_LENGTH + 1], const char *stream) {
  struct timespec now;
  struct tm utc;
  clock_gettime(CLOCK_REALTIME, &now);
  gmtime_r(&now.tv_sec, &utc);
  snprintf(prefix, PREFIX_LENGTH + 1, "%04u-%02u-%02uT%02u:%02u:%02u.%09uZ %s F ", (unsigned)(utc.tm_year + 1900) % 10000,
           (unsigned)(utc.tm_mon + 1) % 100, (unsigned)utc.tm_mday % 100, (unsigned)utc.tm_hour % 100,
           (unsigned)utc.tm_min % 100, (unsigned)utc.tm_sec % 100, (unsigned)now.tv_nsec % 1000000000, stream);
}

/* The limit holds for every file, however many lines come at once. */
static void add_line(struct log *log, const char *prefix, char tag, struct text begin, struct text end) {
  size_t length = PREFIX_LENGTH + begin.length + end.length + 1;
  uint64_t before = log->size + log->pending;
  bool full = log->maximum_size > 0 && before > 0 && before + length > log->maximum_size;
  if (full || log->pending + length > sizeof log->buffer) flush(log);
  if (full) log->fd = log_file_rotate(log->path, log->fd, log->maximum_files, &log->size);
  append(log, prefix, PREFIX_LENGTH);
  log->buffer[log->pending - PREFIX_LENGTH + TAG_POSITION] = tag;
  append(log, begin.data, begin.length);
  append(log, end.data, end.length);
  append(log, "\n", 1);
}

static void append(struct log *log, const char *data, size_t length) {
  if (length > 0) memcpy(log->buffer + log->pending, data, length);
  log->pending += length;
}

/* On a full disk lines are lost: the container must not stop because its log cannot be written. */
static void flush(struct log *log) {
  for (size_t done = 0; done < log->pending;) {
    ssize_t written = write(log->fd, log->buffer + done, log->pending - done);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) break;
    done += (size_t)written;
    log->size += (uint64_t)written;
  }
  log->pending = 0;
}
