/* Bytes waiting to be written to a descriptor that is not ready. */
#ifndef GANTRY_BYTE_QUEUE_H
#define GANTRY_BYTE_QUEUE_H

#include <stdbool.h>
#include <stddef.h>

struct byte_queue {
  char *data;
  size_t start;
  size_t length;
  size_t capacity;
};

/* Returns false when there is no memory. */
bool byte_queue_append(struct byte_queue *queue, const void *data, size_t length);

/* Writes as much as the (non-blocking) descriptor takes. Returns false when it will never take more. */
bool byte_queue_write(struct byte_queue *queue, int fd);

/* Frees the memory; the queue is empty. */
void byte_queue_clear(struct byte_queue *queue);

#endif
