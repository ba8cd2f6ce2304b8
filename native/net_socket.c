#include "net_socket.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ANSWER_CAPACITY 8192

static int send_message(int fd, const struct net_message *message);
static int receive_message(int fd, void *answer, size_t capacity, size_t *size);
static int acknowledged(const uint8_t *answer, size_t size, struct net_refusal *refusal);

int net_socket_open(void) {
  int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
  if (fd < 0) return -1;
  /* Both are refinements of error reports: a kernel without them still answers. */
  int on = 1;
  setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof on);
  setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof on);
  return fd;
}

int net_socket_request(int fd, struct net_message *message, struct net_refusal *refusal) {
  _Alignas(8) uint8_t answer[ANSWER_CAPACITY];
  size_t size;
  refusal->text[0] = 0;
  if (message->overflow) return EMSGSIZE;
  uint16_t flags;
  memcpy(&flags, message->bytes + offsetof(struct nlmsghdr, nlmsg_flags), sizeof flags);
  flags |= NLM_F_ACK;
  memcpy(message->bytes + offsetof(struct nlmsghdr, nlmsg_flags), &flags, sizeof flags);
  int error = send_message(fd, message);
  if (!error) error = receive_message(fd, answer, sizeof answer, &size);
  return error ? error : acknowledged(answer, size, refusal);
}

int net_socket_ask(int fd, struct net_message *message, void *answer, size_t capacity, size_t *size) {
  struct net_refusal refusal;
  struct nlmsghdr header;
  if (message->overflow) return EMSGSIZE;
  int error = send_message(fd, message);
  if (!error) error = receive_message(fd, answer, capacity, size);
  if (error) return error;
  memcpy(&header, answer, sizeof header);
  return header.nlmsg_type == NLMSG_ERROR ? acknowledged(answer, *size, &refusal) : 0;
}

int net_socket_link_index(int fd, const char *name, uint32_t *index) {
  _Alignas(8) uint8_t answer[ANSWER_CAPACITY];
  struct net_message message;
  struct ifinfomsg link = {.ifi_family = AF_UNSPEC};
  size_t size;
  net_message_begin(&message, RTM_GETLINK, 0, &link, sizeof link);
  net_message_add_string(&message, IFLA_IFNAME, name);
  net_message_add_u32(&message, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
  int error = net_socket_ask(fd, &message, answer, sizeof answer, &size);
  if (error) return error;
  if (size < sizeof(struct nlmsghdr) + sizeof link) return EPROTO;
  memcpy(&link, answer + sizeof(struct nlmsghdr), sizeof link);
  *index = (uint32_t)link.ifi_index;
  return 0;
}

static int send_message(int fd, const struct net_message *message) {
  struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
  ssize_t sent;
  do sent = sendto(fd, message->bytes, message->length, 0, (struct sockaddr *)&kernel, sizeof kernel);
  while (sent < 0 && errno == EINTR);
  return sent < 0 ? errno : 0;
}

/* An answer longer than the buffer loses only attributes nobody here reads. */
static int receive_message(int fd, void *answer, size_t capacity, size_t *size) {
  ssize_t received;
  do received = recv(fd, answer, capacity, 0);
  while (received < 0 && errno == EINTR);
  if (received < 0) return errno;
  *size = (size_t)received;
  return *size < sizeof(struct nlmsghdr) ? EPROTO : 0;
}

/* Finds the explanation among the attributes after the error; NETLINK_CAP_ACK keeps the request itself out. */
static void explain(const uint8_t *attributes, size_t size, struct net_refusal *refusal) {
  struct nlattr attribute;
  while (size >= sizeof attribute) {
    memcpy(&attribute, attributes, sizeof attribute);
    if (attribute.nla_len < sizeof attribute || attribute.nla_len > size) return;
    size_t length = attribute.nla_len - sizeof attribute;
    if ((attribute.nla_type & NLA_TYPE_MASK) == NLMSGERR_ATTR_MSG) {
      if (length >= sizeof refusal->text) length = sizeof refusal->text - 1;
      memcpy(refusal->text, attributes + sizeof attribute, length);
      refusal->text[length] = 0;
      return;
    }
    size_t step = ((size_t)attribute.nla_len + 3) / 4 * 4;
    if (step > size) return;
    attributes += step;
    size -= step;
  }
}

static int acknowledged(const uint8_t *answer, size_t size, struct net_refusal *refusal) {
  struct nlmsghdr header;
  struct nlmsgerr result;
  size_t end = sizeof header + sizeof result;
  if (size < end) return EPROTO;
  memcpy(&header, answer, sizeof header);
  memcpy(&result, answer + sizeof header, sizeof result);
  if (header.nlmsg_type != NLMSG_ERROR) return EPROTO;
  if (header.nlmsg_flags & NLM_F_ACK_TLVS) explain(answer + end, size - end, refusal);
  return -result.error;
}
