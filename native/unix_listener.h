/* Listening on a unix socket. */
#ifndef GANTRY_UNIX_LISTENER_H
#define GANTRY_UNIX_LISTENER_H

/*
 * Listens at path (mode 0600), replacing what an earlier process left there. The path may be longer than the 107 bytes
 * a socket's address holds. Returns a non-blocking descriptor, or -1 and errno.
 */
int unix_listen(const char *path);

#endif
