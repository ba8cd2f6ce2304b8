#include "keeper_forward.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "descriptor.h"
#include "keeper_host_sockets.h"
#include "keeper_route.h"
#include "keeper_tcp.h"
#include "keeper_udp.h"

static int describe(struct forward *forward, const struct op_forward_add *op, struct failure *failure);
static struct forward *find(const struct keeper *keeper, const char *id);
static bool same_listener(const struct forward *one, const struct forward *other);
static void retarget(struct keeper *keeper, struct forward *forward, const struct forward *wanted);
static int start(struct keeper *keeper, const struct forward *wanted, const char *id, struct failure *failure);
static void end(struct keeper *keeper, struct forward *forward);
static int make_socket(const struct keeper *keeper, uint32_t netns, const struct socket_wish *wish);
static uint16_t bound_port(const struct forward *forward);

int forward_add(struct keeper *keeper, const struct op_forward_add *op, uint16_t *port, struct failure *failure) {
  struct forward wanted = {0};
  if (describe(&wanted, op, failure) < 0) return -1;
  struct forward *existing = find(keeper, op->id);
  if (existing && same_listener(existing, &wanted)) {
    retarget(keeper, existing, &wanted);
  } else {
    if (existing) forward_remove(keeper, op->id);
    if (start(keeper, &wanted, op->id, failure) < 0) return -1;
    existing = keeper->forwards;
  }
  *port = bound_port(existing);
  return 0;
}

void forward_remove(struct keeper *keeper, const char *id) {
  for (struct forward **place = &keeper->forwards; *place; place = &(*place)->next) {
    struct forward *forward = *place;
    if (strcmp(forward->id, id) != 0) continue;
    *place = forward->next;
    end(keeper, forward);
    return;
  }
}

void forward_remove_all(struct keeper *keeper) {
  while (keeper->forwards) forward_remove(keeper, keeper->forwards->id);
}

int forward_connect(const struct keeper *keeper, const struct forward *forward, const union address *client) {
  struct socket_wish wish = {.family = forward->target.any.sa_family,
                             .type = forward->protocol == IPPROTO_TCP ? SOCK_STREAM : SOCK_DGRAM};
  OWNED_DESCRIPTOR fd = make_socket(keeper, forward->target_netns, &wish);
  if (fd < 0) return -1;
  bool as_client = forward->transparent && client->any.sa_family == forward->target.any.sa_family &&
                   !address_is_loopback(client) && !(forward->target_netns == 0 && route_is_on_link(client));
  if (as_client && socket_appear_as(fd, client) < 0) return -1;
  if (connect(fd, &forward->target.any, address_length(&forward->target)) < 0 && errno != EINPROGRESS) return -1;
  int connected = fd;
  fd = -1;
  return connected;
}

static int describe(struct forward *forward, const struct op_forward_add *op, struct failure *failure) {
  bool known = op->protocol == IPPROTO_TCP || op->protocol == IPPROTO_UDP;
  if (!known || op->listen_netns > 1 || op->target_netns > 1) {
    return fail(failure, EINVAL, op->id, "unknown protocol or namespace");
  }
  if (!address_from_bytes(&op->listen_address, op->listen_port, &forward->listen.address)) {
    return fail(failure, EINVAL, op->id, "not an address and port to listen on");
  }
  if (!address_from_bytes(&op->target_address, op->target_port, &forward->target)) {
    return fail(failure, EINVAL, op->id, "not an address and port to relay to");
  }
  forward->protocol = op->protocol;
  forward->listen_netns = op->listen_netns;
  forward->listen.family = forward->listen.address.any.sa_family;
  forward->listen.type = op->protocol == IPPROTO_TCP ? SOCK_STREAM : SOCK_DGRAM;
  forward->listen.only_v6 = op->listen_v6only;
  forward->target_netns = op->target_netns;
  forward->transparent = op->transparent;
  return 0;
}

static struct forward *find(const struct keeper *keeper, const char *id) {
  struct forward *forward = keeper->forwards;
  while (forward && strcmp(forward->id, id) != 0) forward = forward->next;
  return forward;
}

static bool same_listener(const struct forward *one, const struct forward *other) {
  return one->protocol == other->protocol && one->listen_netns == other->listen_netns &&
         one->listen.only_v6 == other->listen.only_v6 &&
         memcmp(&one->listen.address, &other->listen.address, sizeof one->listen.address) == 0;
}

/* TCP connections end by themselves; a UDP client that goes on sending would keep its session to the old target. */
static void retarget(struct keeper *keeper, struct forward *forward, const struct forward *wanted) {
  bool same = forward->target_netns == wanted->target_netns && forward->transparent == wanted->transparent &&
              memcmp(&forward->target, &wanted->target, sizeof forward->target) == 0;
  if (same) return;
  udp_end_sessions(keeper, forward);
  forward->target_netns = wanted->target_netns;
  forward->target = wanted->target;
  forward->transparent = wanted->transparent;
}

static int start(struct keeper *keeper, const struct forward *wanted, const char *id, struct failure *failure) {
  bool stream = wanted->protocol == IPPROTO_TCP;
  OWNED_DESCRIPTOR fd = make_socket(keeper, wanted->listen_netns, &wanted->listen);
  if (fd < 0) return fail(failure, errno, id, "listening on port %u", address_port(&wanted->listen.address));
  struct forward *forward = malloc(sizeof *forward);
  char *name = strdup(id);
  if (!forward || !name) {
    free(forward);
    free(name);
    return fail(failure, ENOMEM, id, "adding the forward");
  }
  *forward = *wanted;
  forward->id = name;
  forward->listener = (struct keeper_event){.fd = fd, .handle = stream ? tcp_accept_handle : udp_receive_handle};
  if (!stream && udp_prepare(forward) < 0) {
    free(forward);
    free(name);
    return fail(failure, ENOMEM, id, "adding the forward");
  }
  fd = -1;
  forward->next = keeper->forwards;
  keeper->forwards = forward;
  event_set(keeper, &forward->listener, EPOLLIN);
  return 0;
}

static void end(struct keeper *keeper, struct forward *forward) {
  tcp_end_all(keeper, forward);
  udp_end_all(keeper, forward);
  event_close(keeper, &forward->listener);
  free(forward->id);
  free_later(keeper, forward);
}

static int make_socket(const struct keeper *keeper, uint32_t netns, const struct socket_wish *wish) {
  return netns == 1 ? host_socket_make(keeper->listener.fd, wish) : socket_make(wish);
}

static uint16_t bound_port(const struct forward *forward) {
  union address address;
  socklen_t length = sizeof address;
  return getsockname(forward->listener.fd, &address.any, &length) < 0 ? 0 : address_port(&address);
}
