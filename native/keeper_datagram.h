/*
 * Datagrams with both their addresses. A machine has several: an answer that came from another one than the client
 * has sent to would not be taken for one.
 */
#ifndef GANTRY_KEEPER_DATAGRAM_H
#define GANTRY_KEEPER_DATAGRAM_H

#include <sys/types.h>

#include "keeper_address.h"

/* The address of this machine that a datagram was sent to; family AF_UNSPEC: unknown. */
struct datagram_local {
  int family;
  struct in_pktinfo v4;
  struct in6_pktinfo v6;
};

/* Makes the kernel tell local addresses. */
void datagram_ask_local(int fd, int family);

/* Receives one without waiting. Returns its length, or -1 and errno. */
ssize_t datagram_receive(int fd, void *data, size_t capacity, union address *from, struct datagram_local *local);

/* Sends one without waiting; one that cannot be sent is lost. */
void datagram_send(int fd, void *data, size_t length, union address *to, const struct datagram_local *local);

#endif
