/* Forwards: a listening socket, and where what comes there is relayed to. */
#ifndef GANTRY_KEEPER_FORWARD_H
#define GANTRY_KEEPER_FORWARD_H

#include "keeper.h"
#include "keeper_address.h"

struct tcp_relay;

struct forward {
  struct keeper_event listener;
  struct forward *next;
  char *id;
  /* IPPROTO_TCP or IPPROTO_UDP. */
  uint32_t protocol;
  uint32_t listen_netns;
  struct socket_wish listen;
  uint32_t target_netns;
  union address target;
  bool transparent;
  /* Accepting waits until a descriptor is free. */
  bool paused;
  struct tcp_relay *relays;
  /* UDP sessions by client. */
  struct udp_session **sessions;
  uint32_t session_count;
};

/* Executes forward_add; port is set to the bound one. Returns 0, or -1 with failure filled in. */
int forward_add(struct keeper *keeper, const struct op_forward_add *op, uint16_t *port, struct failure *failure);
void forward_remove(struct keeper *keeper, const char *id);
void forward_remove_all(struct keeper *keeper);

/*
 * A socket to the target, connecting (or, for UDP, connected): in the target's namespace, from the client's own
 * address where that is wanted and possible. Returns it, or -1 and errno.
 */
int forward_connect(const struct keeper *keeper, const struct forward *forward, const union address *client);

#endif
