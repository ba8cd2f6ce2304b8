/* What a launcher is asked (docs/launch-plan.md). */
#ifndef GANTRY_LAUNCHER_REQUEST_H
#define GANTRY_LAUNCHER_REQUEST_H

#include <stddef.h>
#include <stdint.h>

struct launcher_request {
  /* Chosen by the supervisor; the answer has the same. */
  uint32_t number;
  uint32_t size;
  /* malloc'ed. */
  uint8_t *plan;
};

/* Reads the next request; -1 at the end of the requests, or when this is none. */
int launcher_request_read(int fd, struct launcher_request *request);

#endif
