#include "keeper_host_sockets.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "descriptor.h"
#include "kernel.h"

union rights {
  struct cmsghdr header;
  char buffer[CMSG_SPACE(sizeof(int))];
};

static _Noreturn void serve(int channel);
static void answer(int channel, int fd, int error);

int host_sockets_start(pid_t *pid) {
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0) return -1;
  pid_t parent = getpid();
  *pid = fork();
  if (*pid == 0) {
    prctl(PR_SET_NAME, "gantry-listener", 0, 0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    if (getppid() != parent) _exit(0);
    dup2(pair[1], 3);
    /* Not even the caller's standard streams: who waits for their end must not wait for this process. */
    kernel_close_range(4, ~0U, 0);
    kernel_close_range(0, 2, 0);
    serve(3);
  }
  close(pair[1]);
  if (*pid < 0) descriptor_close(&pair[0]);
  return *pid < 0 ? -1 : pair[0];
}

int host_socket_make(int listener, const struct socket_wish *wish) {
  int error;
  struct iovec data = {&error, sizeof error};
  union rights rights;
  struct msghdr message = {
      .msg_iov = &data, .msg_iovlen = 1, .msg_control = &rights, .msg_controllen = sizeof rights.buffer};
  if (send(listener, wish, sizeof *wish, MSG_NOSIGNAL) < 0) return -1;
  ssize_t length;
  do length = recvmsg(listener, &message, MSG_CMSG_CLOEXEC);
  while (length < 0 && errno == EINTR);
  if (length < 0) return -1;
  if (length != sizeof error) error = EPIPE;
  if (error == 0 && message.msg_controllen < CMSG_LEN(sizeof(int))) error = EPROTO;
  if (error) {
    errno = error;
    return -1;
  }
  int fd;
  memcpy(&fd, CMSG_DATA(&rights.header), sizeof fd);
  return fd;
}

static _Noreturn void serve(int channel) {
  struct socket_wish wish;
  for (;;) {
    ssize_t length = recv(channel, &wish, sizeof wish, 0);
    if (length < 0 && errno == EINTR) continue;
    if (length != sizeof wish) _exit(0);
    int fd = socket_make(&wish);
    answer(channel, fd, fd < 0 ? errno : 0);
    if (fd >= 0) close(fd);
  }
}

static void answer(int channel, int fd, int error) {
  struct iovec data = {&error, sizeof error};
  union rights rights = {
      .header = {.cmsg_len = CMSG_LEN(sizeof fd), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS}};
  struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1};
  if (fd >= 0) {
    memcpy(CMSG_DATA(&rights.header), &fd, sizeof fd);
    message.msg_control = &rights;
    message.msg_controllen = sizeof rights.buffer;
  }
  sendmsg(channel, &message, MSG_NOSIGNAL);
}
