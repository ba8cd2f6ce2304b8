/* One direction of a relayed connection: bytes go from socket to socket through a pipe, without being copied. */
#ifndef GANTRY_KEEPER_FLOW_H
#define GANTRY_KEEPER_FLOW_H

#include <stdbool.h>
#include <stddef.h>

struct flow {
  /* Only held while bytes are in it, so that an idle connection costs two descriptors and no buffer. */
  int pipe[2];
  size_t held;
  /* The sender has sent all it had; and the receiver has been told. */
  bool ended;
  bool finished;
};

void flow_begin(struct flow *flow);

/* Passes on what can be passed now (both sockets do not block). Returns false when the connection is broken. */
bool flow_pass(struct flow *flow, int from, int to);

bool flow_wants_input(const struct flow *flow);
bool flow_wants_room(const struct flow *flow);
void flow_end(struct flow *flow);

#endif
