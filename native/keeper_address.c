#include "keeper_address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "descriptor.h"

#define BACKLOG 4096

#ifndef IP_BIND_ADDRESS_NO_PORT
#define IP_BIND_ADDRESS_NO_PORT 24
#endif
#ifndef IPV6_TRANSPARENT
#define IPV6_TRANSPARENT 75
#endif

static int bind_and_listen(int fd, const struct socket_wish *wish);

bool address_from_bytes(const struct plan_bytes *bytes, uint32_t port, union address *address) {
  memset(address, 0, sizeof *address);
  if (port > UINT16_MAX) return false;
  if (bytes->length == sizeof address->v4.sin_addr) {
    address->v4.sin_family = AF_INET;
    address->v4.sin_port = htons((uint16_t)port);
    memcpy(&address->v4.sin_addr, bytes->data, bytes->length);
    return true;
  }
  if (bytes->length != sizeof address->v6.sin6_addr) return false;
  address->v6.sin6_family = AF_INET6;
  address->v6.sin6_port = htons((uint16_t)port);
  memcpy(&address->v6.sin6_addr, bytes->data, bytes->length);
  return true;
}

socklen_t address_length(const union address *address) {
  return address->any.sa_family == AF_INET ? sizeof address->v4 : sizeof address->v6;
}

uint16_t address_port(const union address *address) {
  return ntohs(address->any.sa_family == AF_INET ? address->v4.sin_port : address->v6.sin6_port);
}

bool address_is_loopback(const union address *address) {
  if (address->any.sa_family == AF_INET) return ntohl(address->v4.sin_addr.s_addr) >> 24 == 127;
  return IN6_IS_ADDR_LOOPBACK(&address->v6.sin6_addr);
}

void address_unmap(union address *address) {
  if (address->any.sa_family != AF_INET6 || !IN6_IS_ADDR_V4MAPPED(&address->v6.sin6_addr)) return;
  struct sockaddr_in plain = {.sin_family = AF_INET, .sin_port = address->v6.sin6_port};
  memcpy(&plain.sin_addr, address->v6.sin6_addr.s6_addr + 12, sizeof plain.sin_addr);
  memset(address, 0, sizeof *address);
  address->v4 = plain;
}

int socket_make(const struct socket_wish *wish) {
  int fd = socket(wish->family, wish->type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0 || wish->address.any.sa_family == AF_UNSPEC || bind_and_listen(fd, wish) == 0) return fd;
  descriptor_close(&fd);
  return -1;
}

static int bind_and_listen(int fd, const struct socket_wish *wish) {
  int on = 1, only_v6 = wish->only_v6;
  bool stream = wish->type == SOCK_STREAM;
  /* For TCP only: two UDP sockets with it could share a port, and none would say that it is in use. */
  if (stream) setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (wish->family == AF_INET6) setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &only_v6, sizeof only_v6);
  if (bind(fd, &wish->address.any, address_length(&wish->address)) < 0) return -1;
  return stream ? listen(fd, BACKLOG) : 0;
}

/* The port is left to the kernel, at connect: the client's own could be taken by a connection of the same client. */
int socket_appear_as(int fd, const union address *client) {
  int on = 1;
  union address source = *client;
  bool v4 = client->any.sa_family == AF_INET;
  if (v4) source.v4.sin_port = 0;
  else source.v6.sin6_port = 0;
  setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
  if (setsockopt(fd, v4 ? IPPROTO_IP : IPPROTO_IPV6, v4 ? IP_TRANSPARENT : IPV6_TRANSPARENT, &on, sizeof on) < 0) {
    return -1;
  }
  return bind(fd, &source.any, address_length(&source));
}
