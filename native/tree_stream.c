#include "tree_stream.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define INITIAL_CAPACITY (512U * 1024)

static ssize_t fill(struct tree_stream *stream);
static int require(struct tree_stream *stream, size_t size, struct failure *failure);
static int write_buffered(struct tree_stream *stream, size_t size, int file);

int tree_stream_open(struct tree_stream *stream, int fd, struct failure *failure) {
  *stream = (struct tree_stream){.fd = fd, .capacity = INITIAL_CAPACITY, .buffer = malloc(INITIAL_CAPACITY)};
  failure->op = "plan";
  if (!stream->buffer) return fail(failure, ENOMEM, "-", "reading the plan");
  if (require(stream, PLAN_HEADER_BYTES, failure) < 0) return -1;
  const char *error = plan_decode_header(stream->buffer, &stream->count);
  if (error) return fail_malformed(failure, 0, error);
  stream->start = PLAN_HEADER_BYTES;
  return 0;
}

int tree_stream_next(struct tree_stream *stream, struct op *op, struct failure *failure) {
  const struct op_definition *definition;
  uint32_t length;
  if (stream->index == stream->count) {
    if (stream->start == stream->end && fill(stream) == 0) return 0;
    return fail_malformed(failure, stream->index, "bytes follow the last operation");
  }
  if (stream->count == PLAN_STREAM_COUNT && stream->start == stream->end && fill(stream) == 0) return 0;
  if (require(stream, PLAN_OP_HEADER_BYTES, failure) < 0) return -1;
  const char *error =
      plan_decode_op_header(stream->buffer + stream->start, PLAN_CONTEXT_TREE, &definition, &length);
  if (error) return fail_malformed(failure, stream->index, error);
  stream->start += PLAN_OP_HEADER_BYTES;
  if (require(stream, length, failure) < 0) return -1;
  error = plan_decode_op(definition, stream->buffer + stream->start, length, op);
  if (error) return fail_malformed(failure, stream->index, error);
  stream->start += length;
  stream->index++;
  return 1;
}

int tree_stream_copy(struct tree_stream *stream, uint64_t size, int file, const char *path, struct failure *failure) {
  while (size > 0) {
    if (stream->start == stream->end) {
      ssize_t received = fill(stream);
      if (received == 0) return fail_malformed(failure, stream->index, "the stream ends within a file's content");
      if (received < 0) return fail(failure, errno, path, "reading its content");
    }
    size_t available = stream->end - stream->start;
    size_t part = available < size ? available : (size_t)size;
    if (write_buffered(stream, part, file) < 0) return fail(failure, errno, path, "writing its content");
    size -= part;
  }
  return 0;
}

void tree_stream_close(struct tree_stream *stream) {
  free(stream->buffer);
}

/* Reads what there is into the room behind `end`, which is at least half of the buffer. Returns 0 at the end. */
static ssize_t fill(struct tree_stream *stream) {
  if (stream->start == stream->end) stream->start = stream->end = 0;
  ssize_t received;
  do received = read(stream->fd, stream->buffer + stream->end, stream->capacity - stream->end);
  while (received < 0 && errno == EINTR);
  if (received > 0) stream->end += (size_t)received;
  return received;
}

/* Makes sure that size bytes are in the buffer, in one piece. */
static int require(struct tree_stream *stream, size_t size, struct failure *failure) {
  if (stream->capacity - stream->start < size) {
    memmove(stream->buffer, stream->buffer + stream->start, stream->end - stream->start);
    stream->end -= stream->start;
    stream->start = 0;
  }
  if (stream->capacity < size) {
    uint8_t *larger = realloc(stream->buffer, size);
    if (!larger) return fail(failure, ENOMEM, "-", "reading the plan");
    stream->buffer = larger;
    stream->capacity = size;
  }
  while (stream->end - stream->start < size) {
    ssize_t received = fill(stream);
    if (received == 0) return fail_malformed(failure, stream->index, "the stream ends within an operation");
    if (received < 0) return fail(failure, errno, "-", "reading the plan");
  }
  return 0;
}

static int write_buffered(struct tree_stream *stream, size_t size, int file) {
  while (size > 0) {
    ssize_t written = write(file, stream->buffer + stream->start, size);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return -1;
    stream->start += (size_t)written;
    size -= (size_t)written;
  }
  return 0;
}
