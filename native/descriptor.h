/* The owner of a descriptor is declared where it is opened: closed when the variable goes out of scope. */
#ifndef GANTRY_DESCRIPTOR_H
#define GANTRY_DESCRIPTOR_H

#include <errno.h>
#include <unistd.h>

static inline void descriptor_close(const int *fd) {
  int error = errno;
  if (*fd >= 0) close(*fd);
  errno = error;
}

#define OWNED_DESCRIPTOR __attribute__((cleanup(descriptor_close))) int

#endif
