#include "keeper_tcp.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "keeper_flow.h"

#define ACCEPTS_PER_TURN 32

struct tcp_relay;

/* One of the two sockets. */
struct tcp_end {
  struct keeper_event event;
  struct tcp_relay *relay;
};

struct tcp_relay {
  struct tcp_end client;
  struct tcp_end target;
  struct flow to_target;
  struct flow to_client;
  bool connecting;
  struct forward *forward;
  struct tcp_relay *next;
  struct tcp_relay **place;
};

static void begin(struct keeper *keeper, struct forward *forward, int client, const union address *address);
static void end_handle(struct keeper *keeper, struct keeper_event *event, uint32_t events);
static bool finish_connecting(struct tcp_relay *relay, uint32_t events);
static void arm(struct keeper *keeper, struct tcp_relay *relay);
static void end(struct keeper *keeper, struct tcp_relay *relay, bool reset);
static void reset_on_close(int fd);
static void resume_accepting(struct keeper *keeper);

void tcp_accept_handle(struct keeper *keeper, struct keeper_event *event, uint32_t events) {
  struct forward *forward = (struct forward *)(void *)event;
  (void)events;
  for (int i = 0; i < ACCEPTS_PER_TURN; i++) {
    union address client = {0};
    socklen_t length = sizeof client;
    int fd = accept4(event->fd, &client.any, &length, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0 && (errno == ECONNABORTED || errno == EINTR)) continue;
    if (fd < 0 && (errno == EMFILE || errno == ENFILE) && forward->relays) {
      /* The connection waits in the backlog until another ends, and the loop must not spin meanwhile. */
      forward->paused = true;
      event_set(keeper, event, 0);
    }
    if (fd < 0) return;
    address_unmap(&client);
    begin(keeper, forward, fd, &client);
  }
}

void tcp_end_all(struct keeper *keeper, struct forward *forward) {
  while (forward->relays) end(keeper, forward->relays, true);
}

static void begin(struct keeper *keeper, struct forward *forward, int client, const union address *address) {
  int on = 1;
  int target = forward_connect(keeper, forward, address);
  struct tcp_relay *relay = target < 0 ? NULL : calloc(1, sizeof *relay);
  if (!relay) {
    reset_on_close(client);
    close(client);
    if (target >= 0) close(target);
    return;
  }
  /* Segments are passed on as they come; and peers that vanish without a word are noticed some day. */
  setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  setsockopt(target, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  setsockopt(client, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
  setsockopt(target, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
  relay->client = (struct tcp_end){{.fd = client, .handle = end_handle}, relay};
  relay->target = (struct tcp_end){{.fd = target, .handle = end_handle}, relay};
  flow_begin(&relay->to_target);
  flow_begin(&relay->to_client);
  relay->connecting = true;
  relay->forward = forward;
  relay->next = forward->relays;
  relay->place = &forward->relays;
  if (relay->next) relay->next->place = &relay->next;
  forward->relays = relay;
  arm(keeper, relay);
}

static void end_handle(struct keeper *keeper, struct keeper_event *event, uint32_t events) {
  struct tcp_relay *relay = ((struct tcp_end *)(void *)event)->relay;
  int client = relay->client.event.fd, target = relay->target.event.fd;
  bool alive = true;
  if (relay->connecting && event == &relay->target.event) alive = finish_connecting(relay, events);
  else if (events & EPOLLERR) alive = false;
  if (alive && !relay->connecting) {
    alive = flow_pass(&relay->to_target, client, target) && flow_pass(&relay->to_client, target, client);
  }
  bool finished = relay->to_target.finished && relay->to_client.finished;
  if (!alive || finished) end(keeper, relay, !finished);
  else arm(keeper, relay);
}

/* Returns false when there is nobody at the target. */
static bool finish_connecting(struct tcp_relay *relay, uint32_t events) {
  int error = 0;
  socklen_t length = sizeof error;
  if (getsockopt(relay->target.event.fd, SOL_SOCKET, SO_ERROR, &error, &length) < 0 || error) return false;
  if (events & EPOLLOUT) relay->connecting = false;
  return true;
}

/* Room is waited for where bytes wait, bytes where there is room. */
static void arm(struct keeper *keeper, struct tcp_relay *relay) {
  uint32_t client = 0, target = 0;
  if (relay->connecting) {
    target = EPOLLOUT;
  } else {
    if (flow_wants_input(&relay->to_target)) client |= EPOLLIN;
    if (flow_wants_room(&relay->to_client)) client |= EPOLLOUT;
    if (flow_wants_input(&relay->to_client)) target |= EPOLLIN;
    if (flow_wants_room(&relay->to_target)) target |= EPOLLOUT;
  }
  event_set(keeper, &relay->client.event, client);
  event_set(keeper, &relay->target.event, target);
}

/* A broken connection ends as one on the other side too: neither may take half of the data for all of it. */
static void end(struct keeper *keeper, struct tcp_relay *relay, bool reset) {
  if (reset) {
    reset_on_close(relay->client.event.fd);
    reset_on_close(relay->target.event.fd);
  }
  event_close(keeper, &relay->client.event);
  event_close(keeper, &relay->target.event);
  flow_end(&relay->to_target);
  flow_end(&relay->to_client);
  *relay->place = relay->next;
  if (relay->next) relay->next->place = relay->place;
  free_later(keeper, relay);
  resume_accepting(keeper);
}

static void reset_on_close(int fd) {
  struct linger at_once = {.l_onoff = 1, .l_linger = 0};
  setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

static void resume_accepting(struct keeper *keeper) {
  for (struct forward *forward = keeper->forwards; forward; forward = forward->next) {
    if (!forward->paused) continue;
    forward->paused = false;
    event_set(keeper, &forward->listener, EPOLLIN);
  }
}
