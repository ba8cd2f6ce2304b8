/* Links: bridges, veth pairs, up, down, gone. */
#include <errno.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <sys/socket.h>

#include "net_operations.h"

#define CREATE (NLM_F_CREATE | NLM_F_EXCL)
#define MAC_BYTES 6

static int change_link(int fd, const char *name, unsigned flags, struct net_refusal *refusal);
static int refuse_mac(const char *name, const struct plan_bytes *mac, struct failure *failure);
static void describe_link(struct net_message *message, const char *name, const struct plan_bytes *mac, uint32_t mtu);
static int create_veth(int fd, int other_namespace, uint32_t bridge, const struct op_link_add_veth *op,
                       struct net_refusal *refusal);
static int isolate_port(int fd, const char *name, struct net_refusal *refusal);

int net_result(int error, const struct net_refusal *refusal, const char *subject, const char *attempt,
               struct failure *failure) {
  if (error == 0) return 0;
  if (refusal->text[0]) return fail(failure, error, subject, "%s: %s", attempt, refusal->text);
  return fail(failure, error, subject, "%s", attempt);
}

int net_add_bridge(int fd, const struct op_link_add_bridge *op, struct failure *failure) {
  struct net_message message;
  struct net_refusal refusal;
  struct ifinfomsg link = {.ifi_family = AF_UNSPEC, .ifi_flags = IFF_UP, .ifi_change = IFF_UP};
  if (refuse_mac(op->name, &op->mac, failure) < 0) return -1;
  net_message_begin(&message, RTM_NEWLINK, CREATE, &link, sizeof link);
  describe_link(&message, op->name, &op->mac, op->mtu);
  uint32_t information = net_message_open(&message, IFLA_LINKINFO, NULL, 0);
  net_message_add_string(&message, IFLA_INFO_KIND, "bridge");
  net_message_close(&message, information);
  int error = net_socket_request(fd, &message, &refusal);
  if (error == EEXIST) error = change_link(fd, op->name, IFF_UP, &refusal);
  return net_result(error, &refusal, op->name, "creating the bridge", failure);
}

int net_add_veth(int fd, int other_namespace, const struct op_link_add_veth *op, struct failure *failure) {
  struct net_refusal refusal;
  uint32_t bridge = 0;
  if (refuse_mac(op->name, &op->mac, failure) < 0) return -1;
  if (op->peer_master[0]) {
    int error = net_socket_link_index(fd, op->peer_master, &bridge);
    if (error) return fail(failure, error, op->peer_master, "looking for the bridge of %s", op->peer_name);
  }
  int error = create_veth(fd, other_namespace, bridge, op, &refusal);
  if (error == EEXIST) {
    if (net_delete_link(fd, op->peer_name, failure) < 0) return -1;
    error = create_veth(fd, other_namespace, bridge, op, &refusal);
  }
  if (error) return net_result(error, &refusal, op->name, "creating the veth pair", failure);
  if (!op->peer_isolated) return 0;
  error = isolate_port(fd, op->peer_name, &refusal);
  if (error) net_delete_link(fd, op->peer_name, failure);
  return net_result(error, &refusal, op->peer_name, "isolating the bridge port", failure);
}

int net_join_bridge(int fd, const struct op_link_join *op, struct failure *failure) {
  struct net_message message;
  struct net_refusal refusal;
  struct ifinfomsg link = {.ifi_family = AF_UNSPEC, .ifi_flags = IFF_UP, .ifi_change = IFF_UP};
  uint32_t bridge;
  int error = net_socket_link_index(fd, op->master, &bridge);
  if (error) return fail(failure, error, op->master, "looking for the bridge of %s", op->name);
  net_message_begin(&message, RTM_NEWLINK, 0, &link, sizeof link);
  net_message_add_string(&message, IFLA_IFNAME, op->name);
  net_message_add_u32(&message, IFLA_MASTER, bridge);
  error = net_socket_request(fd, &message, &refusal);
  if (error) return net_result(error, &refusal, op->name, "joining the bridge", failure);
  if (!op->isolated) return 0;
  error = isolate_port(fd, op->name, &refusal);
  return net_result(error, &refusal, op->name, "isolating the bridge port", failure);
}

int net_set_link(int fd, const struct op_link_set *op, struct failure *failure) {
  struct net_refusal refusal;
  int error = change_link(fd, op->name, op->up ? IFF_UP : 0, &refusal);
  return net_result(error, &refusal, op->name, op->up ? "setting the link up" : "setting the link down", failure);
}

int net_delete_link(int fd, const char *name, struct failure *failure) {
  struct net_message message;
  struct net_refusal refusal;
  struct ifinfomsg link = {.ifi_family = AF_UNSPEC};
  net_message_begin(&message, RTM_DELLINK, 0, &link, sizeof link);
  net_message_add_string(&message, IFLA_IFNAME, name);
  int error = net_socket_request(fd, &message, &refusal);
  if (error == ENODEV) return 0;
  return net_result(error, &refusal, name, "deleting the link", failure);
}

static int change_link(int fd, const char *name, unsigned flags, struct net_refusal *refusal) {
  struct net_message message;
  struct ifinfomsg link = {.ifi_family = AF_UNSPEC, .ifi_flags = flags, .ifi_change = IFF_UP};
  net_message_begin(&message, RTM_NEWLINK, 0, &link, sizeof link);
  net_message_add_string(&message, IFLA_IFNAME, name);
  return net_socket_request(fd, &message, refusal);
}

static int refuse_mac(const char *name, const struct plan_bytes *mac, struct failure *failure) {
  if (mac->length == 0 || mac->length == MAC_BYTES) return 0;
  return fail(failure, EINVAL, name, "a hardware address has 6 bytes, not %u", mac->length);
}

static void describe_link(struct net_message *message, const char *name, const struct plan_bytes *mac, uint32_t mtu) {
  net_message_add_string(message, IFLA_IFNAME, name);
  if (mac->length > 0) net_message_add(message, IFLA_ADDRESS, mac->data, mac->length);
  if (mtu > 0) net_message_add_u32(message, IFLA_MTU, mtu);
}

/* Both ends, the namespace of one and the bridge of the other in a single request: nothing half-made is ever seen. */
static int create_veth(int fd, int other_namespace, uint32_t bridge, const struct op_link_add_veth *op,
                       struct net_refusal *refusal) {
  struct net_message message;
  struct ifinfomsg peer = {.ifi_family = AF_UNSPEC, .ifi_flags = IFF_UP, .ifi_change = IFF_UP};
  struct ifinfomsg other = {.ifi_family = AF_UNSPEC};
  struct plan_bytes any_mac = {0};
  net_message_begin(&message, RTM_NEWLINK, CREATE, &peer, sizeof peer);
  describe_link(&message, op->peer_name, &any_mac, op->mtu);
  if (bridge) net_message_add_u32(&message, IFLA_MASTER, bridge);
  uint32_t information = net_message_open(&message, IFLA_LINKINFO, NULL, 0);
  net_message_add_string(&message, IFLA_INFO_KIND, "veth");
  uint32_t data = net_message_open(&message, IFLA_INFO_DATA, NULL, 0);
  uint32_t end = net_message_open(&message, VETH_INFO_PEER, &other, sizeof other);
  describe_link(&message, op->name, &op->mac, op->mtu);
  net_message_add_u32(&message, IFLA_NET_NS_FD, (uint32_t)other_namespace);
  net_message_close(&message, end);
  net_message_close(&message, data);
  net_message_close(&message, information);
  return net_socket_request(fd, &message, refusal);
}

static int isolate_port(int fd, const char *name, struct net_refusal *refusal) {
  struct net_message message;
  struct ifinfomsg link = {.ifi_family = AF_UNSPEC};
  uint8_t on = 1;
  net_message_begin(&message, RTM_NEWLINK, 0, &link, sizeof link);
  net_message_add_string(&message, IFLA_IFNAME, name);
  uint32_t information = net_message_open(&message, IFLA_LINKINFO, NULL, 0);
  net_message_add_string(&message, IFLA_INFO_SLAVE_KIND, "bridge");
  uint32_t data = net_message_open(&message, IFLA_INFO_SLAVE_DATA, NULL, 0);
  net_message_add(&message, IFLA_BRPORT_ISOLATED, &on, sizeof on);
  net_message_close(&message, data);
  net_message_close(&message, information);
  return net_socket_request(fd, &message, refusal);
}
