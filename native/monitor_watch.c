#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include "monitor.h"

void watch_set(struct monitor *monitor, struct watch *watch, uint32_t events) {
  if (watch->fd < 0 || watch->events == events) return;
  struct epoll_event event = {.events = events, .data.ptr = watch};
  int change = watch->events == 0 ? EPOLL_CTL_ADD : events == 0 ? EPOLL_CTL_DEL : EPOLL_CTL_MOD;
  epoll_ctl(monitor->epoll, change, watch->fd, &event);
  watch->events = events;
}

void watch_close(struct monitor *monitor, struct watch *watch) {
  if (watch->fd < 0) return;
  watch_set(monitor, watch, 0);
  close(watch->fd);
  watch->fd = -1;
}

uint64_t monotonic_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}
