/* Building one routing netlink request, rtnetlink(7). */
#ifndef GANTRY_NET_MESSAGE_H
#define GANTRY_NET_MESSAGE_H

#include <linux/netlink.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NET_MESSAGE_CAPACITY 1024U

struct net_message {
  /* Attributes are aligned to four bytes within the message, so the message itself must be. */
  _Alignas(8) uint8_t bytes[NET_MESSAGE_CAPACITY];
  uint32_t length;
  /* Something did not fit; the message must not be sent. */
  bool overflow;
};

/* Starts a request of that type; header is the family's own fixed header (ifinfomsg, ifaddrmsg …). */
void net_message_begin(struct net_message *message, uint16_t type, uint16_t flags, const void *header, uint32_t size);

void net_message_add(struct net_message *message, uint16_t attribute, const void *data, uint32_t size);
void net_message_add_string(struct net_message *message, uint16_t attribute, const char *text);
void net_message_add_u32(struct net_message *message, uint16_t attribute, uint32_t value);

/* Opens an attribute that holds what follows, optionally starting with a fixed header; returns what net_message_close takes. */
uint32_t net_message_open(struct net_message *message, uint16_t attribute, const void *header, uint32_t size);
void net_message_close(struct net_message *message, uint32_t opened);

#endif
