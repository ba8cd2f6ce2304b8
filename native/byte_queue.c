#include "byte_queue.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool byte_queue_append(struct byte_queue *queue, const void *data, size_t length) {
  if (queue->start + queue->length + length > queue->capacity) {
    size_t capacity = 4096;
    while (capacity < queue->length + length) capacity *= 2;
    char *larger = malloc(capacity);
    if (!larger) return false;
    if (queue->length > 0) memcpy(larger, queue->data + queue->start, queue->length);
    free(queue->data);
    queue->data = larger;
    queue->start = 0;
    queue->capacity = capacity;
  }
  if (length > 0) memcpy(queue->data + queue->start + queue->length, data, length);
  queue->length += length;
  return true;
}

bool byte_queue_write(struct byte_queue *queue, int fd) {
  while (queue->length > 0) {
    ssize_t written = write(fd, queue->data + queue->start, queue->length);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0 && errno == EAGAIN) return true;
    if (written < 0) return false;
    queue->start += (size_t)written;
    queue->length -= (size_t)written;
  }
  byte_queue_clear(queue);
  return true;
}

void byte_queue_clear(struct byte_queue *queue) {
  free(queue->data);
  *queue = (struct byte_queue){0};
}
