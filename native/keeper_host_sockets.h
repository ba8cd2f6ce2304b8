/*
 * Sockets of the host's network namespace. A socket stays in the namespace it was made in, whoever uses it later; a
 * small process that never leaves the host's makes them and hands them over.
 */
#ifndef GANTRY_KEEPER_HOST_SOCKETS_H
#define GANTRY_KEEPER_HOST_SOCKETS_H

#include <sys/types.h>

#include "keeper_address.h"

/* Starts the process, which ends with the calling one. Returns the descriptor to ask it by, or -1 and errno. */
int host_sockets_start(pid_t *pid);

/* A socket of the host's namespace, as socket_make makes it. Returns a descriptor, or -1 and errno. */
int host_socket_make(int listener, const struct socket_wish *wish);

#endif
