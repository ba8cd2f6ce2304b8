/* Waits for the end of a process that is not its child, by its pidfd: no polling, and no mistake about a used pid. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "kernel.h"
#include "process.h"
#include "subcommands.h"

/* One of POLLHUP and POLLIN for standard input means that nobody wants to know any more. */
static int until_either(int pidfd) {
  struct pollfd events[] = {{.fd = pidfd, .events = POLLIN}, {.fd = STDIN_FILENO, .events = POLLIN}};
  while (poll(events, 2, -1) < 0) {
    if (errno != EINTR) return EXIT_HELPER_FAILED;
  }
  return events[0].revents ? 0 : 1;
}

int await_exit_main(const char *pid_text, const char *start_time_text) {
  char *end;
  errno = 0;
  long pid = strtol(pid_text, &end, 10);
  if (errno || *end || pid <= 0 || pid > INT32_MAX) return EXIT_HELPER_FAILED;
  unsigned long long expected = strtoull(start_time_text, &end, 10);
  if (errno || *end) return EXIT_HELPER_FAILED;
  int pidfd = kernel_pidfd_open((pid_t)pid, 0);
  if (pidfd < 0) return errno == ESRCH ? 0 : EXIT_HELPER_FAILED;
  /* Read after the pidfd is held: from then on the pid cannot be another process's. */
  uint64_t start_time;
  if (process_start_time((pid_t)pid, &start_time) < 0 || start_time != expected) return 0;
  return until_either(pidfd);
}
