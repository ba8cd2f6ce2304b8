/* Relaying TCP connections. */
#ifndef GANTRY_KEEPER_TCP_H
#define GANTRY_KEEPER_TCP_H

#include "keeper_forward.h"

/* Accepts connections of a forward and begins to relay them. */
void tcp_accept_handle(struct keeper *keeper, struct keeper_event *event, uint32_t events);

/* Drops all connections of a forward. */
void tcp_end_all(struct keeper *keeper, struct forward *forward);

#endif
