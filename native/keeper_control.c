/* The keeper's control socket: plans of one operation come, status lines go. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "keeper.h"
#include "keeper_forward.h"
#include "unix_listener.h"

/* Far more than any control operation needs. */
#define LONGEST_REQUEST 16384U
#define HEADERS (PLAN_HEADER_BYTES + PLAN_OP_HEADER_BYTES)

struct control_client {
  struct keeper_event event;
  size_t received;
  uint8_t request[LONGEST_REQUEST];
};

static void accept_handle(struct keeper *keeper, struct keeper_event *event, uint32_t events);
static void client_handle(struct keeper *keeper, struct keeper_event *event, uint32_t events);
static bool execute_requests(struct keeper *keeper, struct control_client *client);
static const char *request_length(const struct control_client *client, const struct op_definition **definition,
                                  size_t *length);
static bool execute_request(struct keeper *keeper, int fd, const struct op_definition *definition, uint8_t *payload,
                            uint32_t length);
static int execute(struct keeper *keeper, const struct op *op, uint16_t *port, struct failure *failure);
static bool reply(int fd, const char *line, size_t length);
static bool reply_failure(int fd, const struct failure *failure);

int control_listen(struct keeper *keeper) {
  keeper->control = (struct keeper_event){.fd = unix_listen(keeper->op->control_path), .handle = accept_handle};
  event_set(keeper, &keeper->control, EPOLLIN);
  return keeper->control.fd < 0 ? -1 : 0;
}

static void accept_handle(struct keeper *keeper, struct keeper_event *event, uint32_t events) {
  (void)events;
  int fd = accept4(event->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
  struct control_client *client = fd < 0 ? NULL : malloc(sizeof *client);
  if (!client) {
    if (fd >= 0) close(fd);
    return;
  }
  client->event = (struct keeper_event){.fd = fd, .handle = client_handle};
  client->received = 0;
  event_set(keeper, &client->event, EPOLLIN);
}

static void client_handle(struct keeper *keeper, struct keeper_event *event, uint32_t events) {
  struct control_client *client = (struct control_client *)(void *)event;
  (void)events;
  ssize_t length = recv(event->fd, client->request + client->received, LONGEST_REQUEST - client->received, 0);
  if (length < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (length > 0) client->received += (size_t)length;
  if (length > 0 && execute_requests(keeper, client)) return;
  event_close(keeper, event);
  free_later(keeper, client);
}

/* Returns false when the connection is to be closed. */
static bool execute_requests(struct keeper *keeper, struct control_client *client) {
  while (client->received >= HEADERS) {
    const struct op_definition *definition;
    size_t length;
    struct failure failure = {0};
    const char *error = request_length(client, &definition, &length);
    if (error) {
      fail_malformed(&failure, 0, error);
      reply_failure(client->event.fd, &failure);
      return false;
    }
    if (client->received < length) break;
    if (!execute_request(keeper, client->event.fd, definition, client->request + HEADERS, (uint32_t)(length - HEADERS))) {
      return false;
    }
    client->received -= length;
    memmove(client->request, client->request + length, client->received);
  }
  return true;
}

static const char *request_length(const struct control_client *client, const struct op_definition **definition,
                                  size_t *length) {
  uint32_t count, payload;
  const char *error = plan_decode_header(client->request, &count);
  if (error) return error;
  if (count != 1) return "a request is one operation";
  error = plan_decode_op_header(client->request + PLAN_HEADER_BYTES, PLAN_CONTEXT_KEEPER_CONTROL, definition, &payload);
  if (error) return error;
  *length = HEADERS + (size_t)payload;
  return *length > LONGEST_REQUEST ? "the request is too long" : NULL;
}

static bool execute_request(struct keeper *keeper, int fd, const struct op_definition *definition, uint8_t *payload,
                            uint32_t length) {
  struct op op;
  struct failure failure = {.op = definition->name};
  uint16_t port = 0;
  char line[32];
  const char *error = plan_decode_op(definition, payload, length, &op);
  if (error) {
    fail_malformed(&failure, 0, error);
    reply_failure(fd, &failure);
    return false;
  }
  int result = execute(keeper, &op, &port, &failure);
  plan_release_op(&op);
  if (result < 0) return reply_failure(fd, &failure);
  int size = port > 0 ? snprintf(line, sizeof line, "ok %u\n", port) : snprintf(line, sizeof line, "ok\n");
  return reply(fd, line, (size_t)size);
}

static int execute(struct keeper *keeper, const struct op *op, uint16_t *port, struct failure *failure) {
  switch ((unsigned)op->code) {
    case OP_FORWARD_ADD:
      return forward_add(keeper, &op->forward_add, port, failure);
    case OP_FORWARD_REMOVE:
      forward_remove(keeper, op->forward_remove.id);
      return 0;
    default:
      keeper_quit(keeper);
      return 0;
  }
}

/* A client that does not read its answers is no client. */
static bool reply(int fd, const char *line, size_t length) {
  return send(fd, line, length, MSG_DONTWAIT | MSG_NOSIGNAL) == (ssize_t)length;
}

static bool reply_failure(int fd, const struct failure *failure) {
  char line[1024];
  return reply(fd, line, failure_line(failure, line, sizeof line));
}
