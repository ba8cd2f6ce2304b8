/* The stream of a tree plan: operations, and the contents of files between them. */
#ifndef GANTRY_TREE_STREAM_H
#define GANTRY_TREE_STREAM_H

#include "failure.h"
#include "plan.h"

struct tree_stream {
  int fd;
  uint8_t *buffer;
  size_t capacity;
  /* What has been read and not been used is between these two. */
  size_t start;
  size_t end;
  /* Number of the operation that is read next, for messages, and how many there are. */
  uint32_t index;
  uint32_t count;
};

/* Reads the header. Returns 0, or -1 with failure filled in. */
int tree_stream_open(struct tree_stream *stream, int fd, struct failure *failure);

/*
 * Reads the next operation, whose strings are good until the next call of any function here. Returns 1, or 0 at the
 * end of the stream, or -1 with failure filled in.
 */
int tree_stream_next(struct tree_stream *stream, struct op *op, struct failure *failure);

/* Copies exactly size bytes of the stream to a file. Returns 0, or -1 with failure filled in. */
int tree_stream_copy(struct tree_stream *stream, uint64_t size, int file, const char *path, struct failure *failure);

void tree_stream_close(struct tree_stream *stream);

#endif
