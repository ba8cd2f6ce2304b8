/*
 * The network operations themselves. Each happens in the namespace of the netlink socket fd, and returns 0, or -1
 * with failure filled in.
 */
#ifndef GANTRY_NET_OPERATIONS_H
#define GANTRY_NET_OPERATIONS_H

#include "net_socket.h"
#include "plan.h"

int net_add_bridge(int fd, const struct op_link_add_bridge *op, struct failure *failure);

/* Creates op's peer in the socket's namespace and the other end in the one open as other_namespace. */
int net_add_veth(int fd, int other_namespace, const struct op_link_add_veth *op, struct failure *failure);

/* Makes the link a port of a bridge of the same namespace. */
int net_join_bridge(int fd, const struct op_link_join *op, struct failure *failure);

/* Makes a link in the current namespace on an interface of another one. */
int net_add_link_on(const struct op_link_add_on *op, struct failure *failure);

int net_set_link(int fd, const struct op_link_set *op, struct failure *failure);
int net_delete_link(int fd, const char *name, struct failure *failure);
int net_add_address(int fd, const struct op_address_add *op, struct failure *failure);
int net_add_route(int fd, const struct op_route_add *op, struct failure *failure);
int net_add_rule(int fd, const struct op_rule_add *op, struct failure *failure);

/* Reports an errno number from net_socket_request together with the kernel's explanation; 0 is success. */
int net_result(int error, const struct net_refusal *refusal, const char *subject, const char *attempt,
               struct failure *failure);

#endif
