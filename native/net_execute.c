/* Network operations of a plan: which namespace they happen in, and what they are. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "net_operations.h"
#include "subcommands.h"

static int socket_of(uint32_t netns, const struct net_context *context, struct failure *failure);
static int execute_in(int fd, const struct op *op, struct failure *failure);
static int add_veth(const struct op_link_add_veth *op, const struct net_context *context, struct failure *failure);

bool net_executes(enum op_code code) {
  return code >= OP_LINK_ADD_BRIDGE && code <= OP_LINK_ADD_ON;
}

int net_open(struct net_context *context, struct failure *failure) {
  context->start_socket = -1;
  context->start_namespace = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
  if (context->start_namespace < 0) return fail(failure, errno, "/proc/self/ns/net", "opening the network namespace");
  context->start_socket = net_socket_open();
  if (context->start_socket >= 0) return 0;
  int error = errno;
  net_close(context);
  return fail(failure, error, "-", "opening a netlink socket");
}

void net_close(struct net_context *context) {
  if (context->start_socket >= 0) close(context->start_socket);
  if (context->start_namespace >= 0) close(context->start_namespace);
  context->start_socket = context->start_namespace = -1;
}

/*
 * A socket stays in the namespace it was opened in. The start namespace's was opened before the process left it;
 * for the current one, a fresh socket for every operation costs microseconds and is never the wrong one.
 */
int net_execute(const struct op *op, struct net_context *context, struct failure *failure) {
  if (op->code == OP_LINK_ADD_VETH) return add_veth(&op->link_add_veth, context, failure);
  if (op->code == OP_LINK_ADD_ON) return net_add_link_on(&op->link_add_on, failure);
  /* Every other network operation begins with its netns. */
  uint32_t netns = op->link_set.netns;
  int fd = socket_of(netns, context, failure);
  if (fd < 0) return -1;
  int result = execute_in(fd, op, failure);
  if (fd != context->start_socket) close(fd);
  return result;
}

static int socket_of(uint32_t netns, const struct net_context *context, struct failure *failure) {
  if (netns > 1) return fail(failure, EINVAL, "netns", "%u is neither 0 nor 1", netns);
  if (netns == 1) return context->start_socket;
  int fd = net_socket_open();
  return fd < 0 ? fail(failure, errno, "-", "opening a netlink socket") : fd;
}

static int execute_in(int fd, const struct op *op, struct failure *failure) {
  switch ((unsigned)op->code) {
    case OP_LINK_ADD_BRIDGE:
      return net_add_bridge(fd, &op->link_add_bridge, failure);
    case OP_LINK_SET:
      return net_set_link(fd, &op->link_set, failure);
    case OP_LINK_DELETE:
      return net_delete_link(fd, op->link_delete.name, failure);
    case OP_LINK_JOIN:
      return net_join_bridge(fd, &op->link_join, failure);
    case OP_ADDRESS_ADD:
      return net_add_address(fd, &op->address_add, failure);
    case OP_ROUTE_ADD:
      return net_add_route(fd, &op->route_add, failure);
    case OP_RULE_ADD:
      return net_add_rule(fd, &op->rule_add, failure);
    default:
      return fail(failure, ENOSYS, "-", "not a network operation");
  }
}

/* The request goes to the peer's namespace, where the bridge is, and names the other end's by descriptor. */
static int add_veth(const struct op_link_add_veth *op, const struct net_context *context, struct failure *failure) {
  int peer_socket = socket_of(op->peer_netns, context, failure);
  if (peer_socket < 0) return -1;
  if (op->netns > 1) return fail(failure, EINVAL, "netns", "%u is neither 0 nor 1", op->netns);
  int namespace = context->start_namespace;
  if (op->netns == 0) namespace = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
  int result = namespace < 0 ? fail(failure, errno, "/proc/self/ns/net", "opening the network namespace")
                             : net_add_veth(peer_socket, namespace, op, failure);
  if (namespace >= 0 && op->netns == 0) close(namespace);
  if (peer_socket != context->start_socket) close(peer_socket);
  return result;
}
