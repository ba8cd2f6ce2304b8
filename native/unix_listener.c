#include "unix_listener.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "descriptor.h"

#define BACKLOG 64

/* Through a descriptor of the directory, since a socket's address holds at most 107 bytes. */
int unix_listen(const char *path) {
  char directory[PATH_MAX];
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  snprintf(directory, sizeof directory, "%s", path);
  char *slash = strrchr(directory, '/');
  if (!slash) {
    errno = EINVAL;
    return -1;
  }
  slash[1] = 0;
  OWNED_DESCRIPTOR parent = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (parent < 0) return -1;
  int length = snprintf(address.sun_path, sizeof address.sun_path, "/proc/self/fd/%d/%s", parent,
                        path + (slash + 1 - directory));
  if (length < 0 || (size_t)length >= sizeof address.sun_path) {
    errno = ENAMETOOLONG;
    return -1;
  }
  unlink(address.sun_path);
  int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  mode_t mask = umask(0177);
  int bound = bind(listener, (struct sockaddr *)&address, sizeof address);
  umask(mask);
  if (bound == 0 && listen(listener, BACKLOG) == 0) return listener;
  descriptor_close(&listener);
  return -1;
}
