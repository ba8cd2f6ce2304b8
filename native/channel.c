#include "channel.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "plan.h"

struct message {
  /* Zero: a terminal comes with the message; otherwise this operation failed. */
  unsigned failed;
  int error;
  char subject[sizeof((struct failure *)0)->subject];
  char text[sizeof((struct failure *)0)->text];
};

union terminal_control {
  struct cmsghdr header;
  char buffer[CMSG_SPACE(sizeof(int))];
};

static int receive(int channel, struct message *message, int *terminal);

int channel_open(struct channel *channel) {
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0) return -1;
  channel->parent = pair[0];
  channel->child = pair[1];
  return 0;
}

void channel_send_failure(int channel, enum op_code code, const struct failure *failure) {
  struct message message = {.failed = code, .error = failure->error};
  memcpy(message.subject, failure->subject, sizeof message.subject);
  memcpy(message.text, failure->text, sizeof message.text);
  send(channel, &message, sizeof message, MSG_NOSIGNAL);
}

int channel_send_terminal(int channel, int terminal) {
  struct message message = {0};
  struct iovec data = {&message, sizeof message};
  union terminal_control control = {
      .header = {.cmsg_len = CMSG_LEN(sizeof terminal), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS}};
  struct msghdr header = {
      .msg_iov = &data, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control.buffer};
  memcpy(CMSG_DATA(&control.header), &terminal, sizeof terminal);
  return sendmsg(channel, &header, MSG_NOSIGNAL) < 0 ? -1 : 0;
}

bool channel_is_abandoned(int channel) {
  struct pollfd hangup = {.fd = channel, .events = 0};
  return poll(&hangup, 1, 0) > 0;
}

int channel_await(int channel, int *terminal, struct failure *failure) {
  struct message message;
  *terminal = -1;
  for (;;) {
    int received = receive(channel, &message, terminal);
    if (received == 0) return 0;
    if (received < 0) return fail(failure, errno, "-", "waiting for the program to start");
    if (!message.failed) continue;
    failure->op = op_name((enum op_code)message.failed);
    failure->error = message.error;
    memcpy(failure->subject, message.subject, sizeof failure->subject);
    memcpy(failure->text, message.text, sizeof failure->text);
    return -1;
  }
}

/* Returns 1, or 0 at the end, or -1 and errno. */
static int receive(int channel, struct message *message, int *terminal) {
  struct iovec data = {message, sizeof *message};
  union terminal_control control;
  struct msghdr header = {
      .msg_iov = &data, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control.buffer};
  ssize_t length;
  do length = recvmsg(channel, &header, MSG_CMSG_CLOEXEC);
  while (length < 0 && errno == EINTR);
  if (length <= 0) return (int)length;
  if ((size_t)length != sizeof *message) {
    errno = EPROTO;
    return -1;
  }
  if (header.msg_controllen >= CMSG_LEN(sizeof *terminal) && control.header.cmsg_type == SCM_RIGHTS) {
    memcpy(terminal, CMSG_DATA(&control.header), sizeof *terminal);
  }
  return 1;
}
