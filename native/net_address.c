/* Addresses, routes and policy routing rules. */
#include <errno.h>
#include <linux/fib_rules.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

#include "net_operations.h"

#define IPV4_BYTES 4
#define IPV6_BYTES 16

static uint8_t family_of_length(uint32_t length);
static uint8_t family_of_number(uint32_t number);
static void describe_address(struct net_message *message, const struct plan_bytes *address, uint32_t prefix);
static int refuse_route(const struct op_route_add *op, uint8_t family, struct failure *failure);
static void describe_route(struct net_message *message, const struct op_route_add *op, uint8_t family,
                           uint32_t index);

int net_add_address(int fd, const struct op_address_add *op, struct failure *failure) {
  struct net_message message;
  struct net_refusal refusal;
  uint32_t index;
  uint8_t family = family_of_length(op->address.length);
  if (!family || op->prefix > op->address.length * 8) {
    return fail(failure, EINVAL, op->link, "not an address: %u bytes, prefix %u", op->address.length, op->prefix);
  }
  int error = net_socket_link_index(fd, op->link, &index);
  if (error) return fail(failure, error, op->link, "looking for the link to give an address to");
  struct ifaddrmsg address = {.ifa_family = family, .ifa_prefixlen = (uint8_t)op->prefix, .ifa_index = index};
  net_message_begin(&message, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, &address, sizeof address);
  describe_address(&message, &op->address, op->prefix);
  error = net_socket_request(fd, &message, &refusal);
  if (error == EEXIST) return 0;
  return net_result(error, &refusal, op->link, "adding an address", failure);
}

int net_add_route(int fd, const struct op_route_add *op, struct failure *failure) {
  struct net_message message;
  struct net_refusal refusal;
  uint32_t index = 0;
  uint8_t family = family_of_number(op->family);
  const char *subject = op->link[0] ? op->link : "route";
  if (refuse_route(op, family, failure) < 0) return -1;
  if (op->link[0]) {
    int error = net_socket_link_index(fd, op->link, &index);
    if (error) return fail(failure, error, op->link, "looking for the link of a route");
  }
  describe_route(&message, op, family, index);
  int error = net_socket_request(fd, &message, &refusal);
  return net_result(error, &refusal, subject, "adding a route", failure);
}

int net_add_rule(int fd, const struct op_rule_add *op, struct failure *failure) {
  struct net_message message;
  struct net_refusal refusal;
  uint8_t family = family_of_number(op->family);
  if (!family) return fail(failure, EINVAL, "rule", "family %u is neither 4 nor 6", op->family);
  struct fib_rule_hdr rule = {.family = family, .action = FR_ACT_TO_TBL};
  net_message_begin(&message, RTM_NEWRULE, NLM_F_CREATE | NLM_F_EXCL, &rule, sizeof rule);
  net_message_add_u32(&message, FRA_TABLE, op->table);
  net_message_add_u32(&message, FRA_PRIORITY, op->priority);
  net_message_add_u32(&message, FRA_FWMARK, op->mark);
  int error = net_socket_request(fd, &message, &refusal);
  if (error == EEXIST) return 0;
  return net_result(error, &refusal, "rule", "adding a policy routing rule", failure);
}

static uint8_t family_of_length(uint32_t length) {
  if (length == IPV4_BYTES) return AF_INET;
  return length == IPV6_BYTES ? AF_INET6 : 0;
}

static uint8_t family_of_number(uint32_t number) {
  if (number == 4) return AF_INET;
  return number == 6 ? AF_INET6 : 0;
}

/*
 * IPv4 wants the broadcast address said (the kernel does not derive it). IPv6 skips duplicate address detection:
 * the address would be unusable for a second, and nobody else hands out addresses on our bridges.
 */
static void describe_address(struct net_message *message, const struct plan_bytes *address, uint32_t prefix) {
  net_message_add(message, IFA_LOCAL, address->data, address->length);
  net_message_add(message, IFA_ADDRESS, address->data, address->length);
  if (address->length == IPV6_BYTES) {
    net_message_add_u32(message, IFA_FLAGS, IFA_F_NODAD);
    return;
  }
  uint8_t broadcast[IPV4_BYTES];
  memcpy(broadcast, address->data, sizeof broadcast);
  for (uint32_t bit = prefix; bit < 32; bit++) broadcast[bit / 8] |= (uint8_t)(0x80U >> bit % 8);
  if (prefix < 31) net_message_add(message, IFA_BROADCAST, broadcast, sizeof broadcast);
}

static int refuse_route(const struct op_route_add *op, uint8_t family, struct failure *failure) {
  uint32_t size = family == AF_INET ? IPV4_BYTES : IPV6_BYTES;
  if (!family) return fail(failure, EINVAL, "route", "family %u is neither 4 nor 6", op->family);
  if ((op->destination.length != 0 && op->destination.length != size) || op->prefix > op->destination.length * 8) {
    return fail(failure, EINVAL, "route", "the destination does not fit family and prefix");
  }
  if (op->gateway.length == 0 || op->gateway.length == size) return 0;
  return fail(failure, EINVAL, "route", "the gateway does not fit the family");
}

/* The scope says how far the destination is: on this machine, on the link, or beyond a gateway. */
static void describe_route(struct net_message *message, const struct op_route_add *op, uint8_t family,
                           uint32_t index) {
  struct rtmsg route = {.rtm_family = family,
                        .rtm_dst_len = (uint8_t)op->prefix,
                        .rtm_protocol = RTPROT_STATIC,
                        .rtm_scope = RT_SCOPE_UNIVERSE,
                        .rtm_type = (uint8_t)op->type};
  if (op->type == RTN_LOCAL) route.rtm_scope = RT_SCOPE_HOST;
  else if (op->type == RTN_UNICAST && op->gateway.length == 0) route.rtm_scope = RT_SCOPE_LINK;
  net_message_begin(message, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE, &route, sizeof route);
  net_message_add_u32(message, RTA_TABLE, op->table ? op->table : RT_TABLE_MAIN);
  if (op->destination.length > 0) net_message_add(message, RTA_DST, op->destination.data, op->destination.length);
  if (op->gateway.length > 0) net_message_add(message, RTA_GATEWAY, op->gateway.data, op->gateway.length);
  if (index > 0) net_message_add_u32(message, RTA_OIF, index);
  if (op->metric > 0) net_message_add_u32(message, RTA_PRIORITY, op->metric);
}
