#include "net_message.h"

#include <string.h>

static void append(struct net_message *message, const void *data, uint32_t size);

void net_message_begin(struct net_message *message, uint16_t type, uint16_t flags, const void *header, uint32_t size) {
  struct nlmsghdr start = {.nlmsg_type = type, .nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags)};
  message->length = 0;
  message->overflow = false;
  append(message, &start, sizeof start);
  append(message, header, size);
}

void net_message_add(struct net_message *message, uint16_t attribute, const void *data, uint32_t size) {
  net_message_close(message, net_message_open(message, attribute, data, size));
}

void net_message_add_string(struct net_message *message, uint16_t attribute, const char *text) {
  net_message_add(message, attribute, text, (uint32_t)strlen(text) + 1);
}

void net_message_add_u32(struct net_message *message, uint16_t attribute, uint32_t value) {
  net_message_add(message, attribute, &value, sizeof value);
}

uint32_t net_message_open(struct net_message *message, uint16_t attribute, const void *header, uint32_t size) {
  uint32_t opened = message->length;
  struct nlattr start = {.nla_type = attribute};
  append(message, &start, sizeof start);
  append(message, header, size);
  return opened;
}

/* The length of an attribute leaves out the padding after it. */
void net_message_close(struct net_message *message, uint32_t opened) {
  if (message->overflow) return;
  uint16_t size = (uint16_t)(message->length - opened);
  memcpy(message->bytes + opened + offsetof(struct nlattr, nla_len), &size, sizeof size);
  append(message, "\0\0\0", (4 - size % 4U) % 4U);
}

/* Appends exactly size bytes and keeps the length in the message's header current. */
static void append(struct net_message *message, const void *data, uint32_t size) {
  if (message->overflow || size > NET_MESSAGE_CAPACITY - message->length) {
    message->overflow = true;
    return;
  }
  if (size > 0) memcpy(message->bytes + message->length, data, size);
  message->length += size;
  memcpy(message->bytes, &message->length, sizeof message->length);
}
