/* Talking routing netlink in one network namespace: the one the socket was opened in. */
#ifndef GANTRY_NET_SOCKET_H
#define GANTRY_NET_SOCKET_H

#include "net_message.h"

/* The kernel's own explanation of a refusal (extended acknowledgement); empty when it gives none. */
struct net_refusal {
  char text[160];
};

/* Opens a routing socket in the calling process's network namespace; -1 and errno. Close-on-exec. */
int net_socket_open(void);

/* Sends a request that is acknowledged. Returns 0, or an errno number with refusal filled in. */
int net_socket_request(int fd, struct net_message *message, struct net_refusal *refusal);

/*
 * Sends a request that is answered by one message, which is put into answer (its size in *size).
 * Returns 0, or an errno number.
 */
int net_socket_ask(int fd, struct net_message *message, void *answer, size_t capacity, size_t *size);

/* Index of the link of that name in the socket's namespace. Returns 0, or an errno number. */
int net_socket_link_index(int fd, const char *name, uint32_t *index);

#endif
