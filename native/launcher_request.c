#include "launcher_request.h"

#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "plan.h"

static int read_exactly(int fd, void *buffer, size_t size);

int launcher_request_read(int fd, struct launcher_request *request) {
  uint32_t head[2];
  if (read_exactly(fd, head, sizeof head) < 0) return -1;
  *request = (struct launcher_request){.number = le32toh(head[0]), .size = le32toh(head[1])};
  if (request->size > PLAN_MAXIMUM_BYTES) return -1;
  /* One more, since none is malloc's to refuse. */
  request->plan = malloc((size_t)request->size + 1);
  if (!request->plan) return -1;
  if (read_exactly(fd, request->plan, request->size) == 0) return 0;
  free(request->plan);
  return -1;
}

static int read_exactly(int fd, void *buffer, size_t size) {
  uint8_t *place = buffer;
  while (size > 0) {
    ssize_t received = read(fd, place, size);
    if (received < 0 && errno == EINTR) continue;
    if (received <= 0) return -1;
    place += received;
    size -= (size_t)received;
  }
  return 0;
}
