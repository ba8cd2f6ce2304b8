/* Relaying UDP: a session per client, so that answers find their way back. */
#ifndef GANTRY_KEEPER_UDP_H
#define GANTRY_KEEPER_UDP_H

#include "keeper_forward.h"

/* Makes a forward ready to receive. Returns 0, or -1 and errno. */
int udp_prepare(struct forward *forward);

/* Passes what clients have sent to the target. */
void udp_receive_handle(struct keeper *keeper, struct keeper_event *event, uint32_t events);

/* Ends sessions that have been idle for long; returns when the next will have been (0: there is none). */
uint64_t udp_expire(struct keeper *keeper, uint64_t now);

/* Ends the sessions, so that every client's next datagram goes to the forward's target as it is then. */
void udp_end_sessions(struct keeper *keeper, struct forward *forward);

/* Ends the sessions and takes back what udp_prepare made. */
void udp_end_all(struct keeper *keeper, struct forward *forward);

#endif
