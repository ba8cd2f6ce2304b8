/* Links that share an interface of another namespace: macvlan and ipvlan. */
#include <errno.h>
#include <fcntl.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "descriptor.h"
#include "kernel.h"
#include "net_operations.h"
#include "process.h"

#define MAC_BYTES 6

static int open_namespace_of(const struct op_link_add_on *op, struct failure *failure);
static int open_socket_in(int namespace, int own, struct failure *failure);
static int create(int fd, int own, uint32_t parent, const struct op_link_add_on *op, struct net_refusal *refusal);

/*
 * The request is made where the parent is, and names this namespace by descriptor: the link is here from the first
 * moment, under its own name, and goes with this namespace.
 */
int net_add_link_on(const struct op_link_add_on *op, struct failure *failure) {
  struct net_refusal refusal;
  uint32_t parent;
  if (strcmp(op->kind, "macvlan") != 0 && strcmp(op->kind, "ipvlan") != 0) {
    return fail(failure, EINVAL, op->name, "%.16s is neither macvlan nor ipvlan", op->kind);
  }
  if (op->mac.length != 0 && op->mac.length != MAC_BYTES) {
    return fail(failure, EINVAL, op->name, "a hardware address has 6 bytes, not %u", op->mac.length);
  }
  OWNED_DESCRIPTOR own = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
  if (own < 0) return fail(failure, errno, "/proc/self/ns/net", "opening the network namespace");
  OWNED_DESCRIPTOR namespace = open_namespace_of(op, failure);
  if (namespace < 0) return -1;
  OWNED_DESCRIPTOR fd = open_socket_in(namespace, own, failure);
  if (fd < 0) return -1;
  int error = net_socket_link_index(fd, op->parent, &parent);
  if (error) return fail(failure, error, op->parent, "looking for the interface that %s is to be on", op->name);
  error = create(fd, own, parent, op, &refusal);
  return net_result(error, &refusal, op->name, "creating the link", failure);
}

/* By its path, as this process may be in a pid namespace of its own; the start time is read once the file is open. */
static int open_namespace_of(const struct op_link_add_on *op, struct failure *failure) {
  char path[48];
  uint64_t start_time;
  snprintf(path, sizeof path, "/proc/%u/ns/net", op->pid);
  int namespace = open(path, O_RDONLY | O_CLOEXEC);
  if (namespace < 0) return fail(failure, errno, path, "opening the network namespace of the interface");
  if (process_start_time((pid_t)op->pid, &start_time) == 0 && start_time == op->start_time) return namespace;
  close(namespace);
  return fail(failure, ESRCH, path, "it is another process's by now");
}

/* A socket stays in the namespace it was opened in. */
static int open_socket_in(int namespace, int own, struct failure *failure) {
  if (setns(namespace, CLONE_NEWNET) < 0) return fail(failure, errno, "-", "entering the interface's namespace");
  int fd = net_socket_open();
  int error = errno;
  if (setns(own, CLONE_NEWNET) < 0) {
    if (fd >= 0) close(fd);
    return fail(failure, errno, "-", "coming back from the interface's namespace");
  }
  return fd < 0 ? fail(failure, error, "-", "opening a netlink socket") : fd;
}

static void describe_kind(struct net_message *message, const struct op_link_add_on *op) {
  uint16_t mode = (uint16_t)op->mode, flags = (uint16_t)op->flags;
  uint32_t information = net_message_open(message, IFLA_LINKINFO, NULL, 0);
  bool is_ipvlan = strcmp(op->kind, "ipvlan") == 0;
  net_message_add_string(message, IFLA_INFO_KIND, op->kind);
  uint32_t data = net_message_open(message, IFLA_INFO_DATA, NULL, 0);
  if (is_ipvlan) {
    net_message_add(message, IFLA_IPVLAN_MODE, &mode, sizeof mode);
    net_message_add(message, IFLA_IPVLAN_FLAGS, &flags, sizeof flags);
  } else {
    net_message_add_u32(message, IFLA_MACVLAN_MODE, op->mode);
  }
  net_message_close(message, data);
  net_message_close(message, information);
}

static int create(int fd, int own, uint32_t parent, const struct op_link_add_on *op, struct net_refusal *refusal) {
  struct net_message message;
  struct ifinfomsg link = {.ifi_family = AF_UNSPEC};
  net_message_begin(&message, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &link, sizeof link);
  net_message_add_string(&message, IFLA_IFNAME, op->name);
  net_message_add_u32(&message, IFLA_LINK, parent);
  net_message_add_u32(&message, IFLA_NET_NS_FD, (uint32_t)own);
  if (op->mac.length > 0) net_message_add(&message, IFLA_ADDRESS, op->mac.data, op->mac.length);
  if (op->mtu > 0) net_message_add_u32(&message, IFLA_MTU, op->mtu);
  describe_kind(&message, op);
  return net_socket_request(fd, &message, refusal);
}
