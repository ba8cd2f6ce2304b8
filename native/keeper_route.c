#include "keeper_route.h"

#include <linux/rtnetlink.h>
#include <string.h>
#include <unistd.h>

#include "net_socket.h"

#define ANSWER_CAPACITY 1024

static int ask(const union address *destination, uint8_t *answer, size_t *size);
static bool has_attribute(const uint8_t *attributes, size_t size, uint16_t type);

bool route_is_on_link(const union address *destination) {
  _Alignas(8) uint8_t answer[ANSWER_CAPACITY];
  const size_t headers = sizeof(struct nlmsghdr) + sizeof(struct rtmsg);
  struct rtmsg route;
  size_t size;
  if (ask(destination, answer, &size) != 0 || size < headers) return false;
  memcpy(&route, answer + sizeof(struct nlmsghdr), sizeof route);
  if (route.rtm_type == RTN_LOCAL) return true;
  return route.rtm_type == RTN_UNICAST && !has_attribute(answer + headers, size - headers, RTA_GATEWAY);
}

static int ask(const union address *destination, uint8_t *answer, size_t *size) {
  struct net_message message;
  bool v4 = destination->any.sa_family == AF_INET;
  struct rtmsg route = {.rtm_family = (uint8_t)destination->any.sa_family, .rtm_dst_len = v4 ? 32 : 128};
  int fd = net_socket_open();
  if (fd < 0) return -1;
  net_message_begin(&message, RTM_GETROUTE, 0, &route, sizeof route);
  if (v4) net_message_add(&message, RTA_DST, &destination->v4.sin_addr, sizeof destination->v4.sin_addr);
  else net_message_add(&message, RTA_DST, &destination->v6.sin6_addr, sizeof destination->v6.sin6_addr);
  int error = net_socket_ask(fd, &message, answer, ANSWER_CAPACITY, size);
  close(fd);
  return error;
}

static bool has_attribute(const uint8_t *attributes, size_t size, uint16_t type) {
  struct nlattr attribute;
  while (size >= sizeof attribute) {
    memcpy(&attribute, attributes, sizeof attribute);
    size_t step = ((size_t)attribute.nla_len + 3) / 4 * 4;
    if (attribute.nla_len < sizeof attribute || step > size) return false;
    if ((attribute.nla_type & NLA_TYPE_MASK) == type) return true;
    attributes += step;
    size -= step;
  }
  return false;
}
