#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "keeper.h"
#include "keeper_forward.h"
#include "keeper_udp.h"
#include "keeper_uplink.h"

#define EVENTS_PER_TURN 64

static void turn(struct keeper *keeper, int timeout);
static int tend(struct keeper *keeper);
static void clean_up(struct keeper *keeper);

void keeper_serve(struct keeper *keeper) {
  event_set(keeper, &keeper->signals, EPOLLIN);
  event_set(keeper, &keeper->listener, EPOLLIN);
  while (!keeper->ended) turn(keeper, tend(keeper));
  clean_up(keeper);
}

void event_set(struct keeper *keeper, struct keeper_event *event, uint32_t events) {
  if (event->fd < 0 || event->events == events) return;
  struct epoll_event change = {.events = events, .data.ptr = event};
  int operation = event->events == 0 ? EPOLL_CTL_ADD : events == 0 ? EPOLL_CTL_DEL : EPOLL_CTL_MOD;
  epoll_ctl(keeper->epoll, operation, event->fd, &change);
  event->events = events;
}

void event_close(struct keeper *keeper, struct keeper_event *event) {
  if (event->fd < 0) return;
  event_set(keeper, event, 0);
  close(event->fd);
  event->fd = -1;
}

uint64_t keeper_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static void turn(struct keeper *keeper, int timeout) {
  struct epoll_event events[EVENTS_PER_TURN];
  int count = epoll_wait(keeper->epoll, events, EVENTS_PER_TURN, timeout);
  for (int i = 0; i < count; i++) {
    struct keeper_event *event = events[i].data.ptr;
    /* An earlier event of this turn may have closed it. */
    if (event->fd >= 0) event->handle(keeper, event, events[i].events);
  }
  while (keeper->ended_count > 0) free(keeper->ended_things[--keeper->ended_count]);
}

/* Without memory for the list it is leaked, which is harmless; freeing it now would not be. */
void free_later(struct keeper *keeper, void *memory) {
  if (keeper->ended_count == keeper->ended_capacity) {
    size_t capacity = keeper->ended_capacity > 0 ? keeper->ended_capacity * 2 : 64;
    void **larger = realloc(keeper->ended_things, capacity * sizeof *larger);
    if (!larger) return;
    keeper->ended_things = larger;
    keeper->ended_capacity = capacity;
  }
  keeper->ended_things[keeper->ended_count++] = memory;
}

/* Does what is due and returns for how long nothing will be, in the terms of epoll_wait(2). */
static int tend(struct keeper *keeper) {
  uint64_t now = keeper_now();
  uint64_t due = supervisor_tend(keeper, now);
  uint64_t session_due = udp_expire(keeper, now);
  if (due == 0 || (session_due > 0 && session_due < due)) due = session_due;
  if (keeper->ended) return 0;
  if (due == 0) return -1;
  return due <= now ? 0 : (int)(due - now);
}

/* Nothing is left: the files, the listener process, and with this process the namespace. */
static void clean_up(struct keeper *keeper) {
  unlink(keeper->op->control_path);
  unlink(keeper->op->status_path);
  forward_remove_all(keeper);
  uplink_end(keeper);
  kill(keeper->listener_pid, SIGKILL);
  waitpid(keeper->listener_pid, NULL, 0);
}
