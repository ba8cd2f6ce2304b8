#include "keeper_datagram.h"

#include <string.h>

union control {
  struct cmsghdr header;
  char buffer[CMSG_SPACE(sizeof(struct in6_pktinfo))];
};

static void remember_local(const struct cmsghdr *header, struct datagram_local *local);

void datagram_ask_local(int fd, int family) {
  int on = 1;
  if (family == AF_INET6) setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof on);
  else setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof on);
}

ssize_t datagram_receive(int fd, void *data, size_t capacity, union address *from, struct datagram_local *local) {
  union control control;
  struct iovec part = {data, capacity};
  struct msghdr message = {.msg_name = from,
                           .msg_namelen = sizeof *from,
                           .msg_iov = &part,
                           .msg_iovlen = 1,
                           .msg_control = &control,
                           .msg_controllen = sizeof control.buffer};
  memset(from, 0, sizeof *from);
  memset(local, 0, sizeof *local);
  ssize_t length = recvmsg(fd, &message, MSG_DONTWAIT);
  if (length >= 0 && message.msg_controllen >= sizeof control.header) remember_local(&control.header, local);
  return length;
}

/* Of the incoming interface only the address matters: answers go where routes lead. */
static void remember_local(const struct cmsghdr *header, struct datagram_local *local) {
  if (header->cmsg_level == IPPROTO_IP && header->cmsg_type == IP_PKTINFO) {
    memcpy(&local->v4, CMSG_DATA(header), sizeof local->v4);
    local->family = AF_INET;
    /* What was sent to, rather than the interface's own address, unless that was a broadcast. */
    local->v4.ipi_ifindex = 0;
  } else if (header->cmsg_level == IPPROTO_IPV6 && header->cmsg_type == IPV6_PKTINFO) {
    memcpy(&local->v6, CMSG_DATA(header), sizeof local->v6);
    local->family = AF_INET6;
    if (!IN6_IS_ADDR_LINKLOCAL(&local->v6.ipi6_addr)) local->v6.ipi6_ifindex = 0;
  }
}

void datagram_send(int fd, void *data, size_t length, union address *to, const struct datagram_local *local) {
  union control control = {0};
  struct iovec part = {data, length};
  struct msghdr message = {
      .msg_name = to, .msg_namelen = address_length(to), .msg_iov = &part, .msg_iovlen = 1};
  if (local->family == AF_INET) {
    control.header = (struct cmsghdr){
        .cmsg_len = CMSG_LEN(sizeof local->v4), .cmsg_level = IPPROTO_IP, .cmsg_type = IP_PKTINFO};
    memcpy(CMSG_DATA(&control.header), &local->v4, sizeof local->v4);
    message.msg_controllen = CMSG_SPACE(sizeof local->v4);
  } else if (local->family == AF_INET6) {
    control.header = (struct cmsghdr){
        .cmsg_len = CMSG_LEN(sizeof local->v6), .cmsg_level = IPPROTO_IPV6, .cmsg_type = IPV6_PKTINFO};
    memcpy(CMSG_DATA(&control.header), &local->v6, sizeof local->v6);
    message.msg_controllen = CMSG_SPACE(sizeof local->v6);
  }
  if (message.msg_controllen > 0) message.msg_control = &control;
  sendmsg(fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
}
