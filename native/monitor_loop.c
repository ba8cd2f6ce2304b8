/* The event loop: what is waited for follows from the state, anew after every turn. */
#include <stdlib.h>
#include <sys/epoll.h>

#include "monitor.h"

/* A lossless reader this far behind makes the program wait. */
#define LOSSLESS_LIMIT (256U * 1024)
/* Input this far ahead of the program makes the client wait. */
#define INPUT_LIMIT (1024U * 1024)
#define EVENTS_PER_TURN 16

static void process_handle(struct monitor *monitor, struct watch *watch, uint32_t events);
static void arm(struct monitor *monitor);
static void arm_client(struct monitor *monitor, struct client *client);
static void free_gone_clients(struct monitor *monitor);
static int time_left(const struct monitor *monitor);

void monitor_serve(struct monitor *monitor) {
  monitor->process = (struct watch){.fd = monitor->program.pidfd, .handle = process_handle};
  watch_set(monitor, &monitor->process, EPOLLIN);
  watch_set(monitor, &monitor->listener, EPOLLIN);
  while (!monitor->ended || monitor_is_held(monitor)) monitor_turn(monitor, time_left(monitor));
}

bool monitor_turn(struct monitor *monitor, int timeout) {
  struct epoll_event events[EVENTS_PER_TURN];
  arm(monitor);
  int count = epoll_wait(monitor->epoll, events, EVENTS_PER_TURN, timeout);
  for (int i = 0; i < count; i++) {
    struct watch *watch = events[i].data.ptr;
    if (watch->fd >= 0) watch->handle(monitor, watch, events[i].events);
  }
  free_gone_clients(monitor);
  return count > 0;
}

static void process_handle(struct monitor *monitor, struct watch *watch, uint32_t events) {
  (void)events;
  monitor->ended = true;
  watch_set(monitor, watch, 0);
}

static void arm(struct monitor *monitor) {
  bool reads_output = !monitor_is_held(monitor);
  for (struct client *client = monitor->clients; client; client = client->next) {
    arm_client(monitor, client);
    if (client->lossless && client->queue.length > LOSSLESS_LIMIT) reads_output = false;
  }
  for (int i = 0; i < 2; i++) watch_set(monitor, &monitor->outputs[i].watch, reads_output ? EPOLLIN : 0);
  watch_set(monitor, &monitor->input.watch, monitor->input.queue.length > 0 ? EPOLLOUT : 0);
}

static void arm_client(struct monitor *monitor, struct client *client) {
  bool reads = !client->gives_input || monitor->input.queue.length < INPUT_LIMIT;
  watch_set(monitor, &client->watch, (reads ? EPOLLIN | EPOLLRDHUP : 0U) | (client->queue.length > 0 ? EPOLLOUT : 0U));
}

static void free_gone_clients(struct monitor *monitor) {
  for (struct client **place = &monitor->clients; *place;) {
    struct client *client = *place;
    if (!client->gone) {
      place = &client->next;
      continue;
    }
    *place = client->next;
    byte_queue_clear(&client->queue);
    free(client);
  }
}

static int time_left(const struct monitor *monitor) {
  uint64_t now = monotonic_ms();
  if (monitor->held_until <= now) return -1;
  uint64_t left = monitor->held_until - now;
  return left < 60000 ? (int)left : 60000;
}
