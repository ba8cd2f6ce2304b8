/* Addresses and sockets of forwards. */
#ifndef GANTRY_KEEPER_ADDRESS_H
#define GANTRY_KEEPER_ADDRESS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "plan_ops.h"

union address {
  struct sockaddr any;
  struct sockaddr_in v4;
  struct sockaddr_in6 v6;
};

/* What socket is wanted. With an address of family AF_UNSPEC it is not bound. */
struct socket_wish {
  int family;
  /* SOCK_STREAM or SOCK_DGRAM. */
  int type;
  bool only_v6;
  union address address;
};

/* From 4 or 16 bytes and a port. Returns false for other lengths. */
bool address_from_bytes(const struct plan_bytes *bytes, uint32_t port, union address *address);
socklen_t address_length(const union address *address);
uint16_t address_port(const union address *address);
bool address_is_loopback(const union address *address);

/* An IPv4 client of an IPv6 socket, ::ffff:192.0.2.1, becomes what it is. */
void address_unmap(union address *address);

/* A socket as wished for, non-blocking; bound and listening if it has an address. Returns it, or -1 and errno. */
int socket_make(const struct socket_wish *wish);

/* Makes the socket's own address the client's, which is not this machine's. Returns 0, or -1 and errno. */
int socket_appear_as(int fd, const union address *client);

#endif
