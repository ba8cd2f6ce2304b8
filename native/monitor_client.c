/* Connections to the control socket. */
#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "monitor.h"

static void client_handle(struct monitor *monitor, struct watch *watch, uint32_t events);
static bool receive(struct monitor *monitor, struct client *client);
static bool execute_frames(struct monitor *monitor, struct client *client);
static void greet(struct client *client, pid_t pid);

void listener_handle(struct monitor *monitor, struct watch *watch, uint32_t events) {
  (void)events;
  int fd = accept4(watch->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (fd < 0) return;
  /* Not calloc: the frame buffer need not be resident before it is used. */
  struct client *client = malloc(sizeof *client);
  if (!client) {
    close(fd);
    return;
  }
  memset(client, 0, offsetof(struct client, frame));
  client->watch = (struct watch){.fd = fd, .handle = client_handle};
  client->next = monitor->clients;
  monitor->clients = client;
  greet(client, monitor->program.pid);
}

static void greet(struct client *client, pid_t pid) {
  uint8_t frame[FRAME_HEADER + sizeof(uint32_t)];
  uint32_t number = htole32((uint32_t)pid);
  memcpy(frame + FRAME_HEADER, &number, sizeof number);
  client_send(client, 'R', frame, sizeof number);
}

/* frame has room for the header before its length bytes of payload. */
void client_send(struct client *client, char type, uint8_t *frame, size_t length) {
  uint32_t size = htole32((uint32_t)length);
  frame[0] = (uint8_t)type;
  memcpy(frame + 1, &size, sizeof size);
  ssize_t sent = 0;
  if (client->queue.length == 0) sent = send(client->watch.fd, frame, FRAME_HEADER + length, MSG_NOSIGNAL | MSG_DONTWAIT);
  if (sent < 0) sent = 0;
  byte_queue_append(&client->queue, frame + sent, FRAME_HEADER + length - (size_t)sent);
}

void client_drop(struct monitor *monitor, struct client *client) {
  if (client->gone) return;
  client->gone = true;
  watch_close(monitor, &client->watch);
  if (client->gives_input) input_close(monitor);
}

static void client_handle(struct monitor *monitor, struct watch *watch, uint32_t events) {
  struct client *client = (struct client *)(void *)watch;
  bool alive = !(events & EPOLLERR);
  if (alive && (events & EPOLLOUT)) alive = byte_queue_write(&client->queue, watch->fd);
  if (alive && (events & (EPOLLIN | EPOLLHUP | EPOLLRDHUP))) alive = receive(monitor, client);
  if (!alive) client_drop(monitor, client);
}

/* Returns false at the end of the connection, or when a frame is malformed. */
static bool receive(struct monitor *monitor, struct client *client) {
  ssize_t length =
      recv(client->watch.fd, client->frame + client->received, sizeof client->frame - client->received, MSG_DONTWAIT);
  if (length < 0) return errno == EAGAIN || errno == EINTR;
  if (length == 0) return false;
  client->received += (size_t)length;
  return execute_frames(monitor, client);
}

static bool execute_frames(struct monitor *monitor, struct client *client) {
  size_t start = 0;
  while (client->received - start >= FRAME_HEADER) {
    uint32_t size;
    memcpy(&size, client->frame + start + 1, sizeof size);
    size = le32toh(size);
    if (size > FRAME_LONGEST_PAYLOAD) return false;
    if (client->received - start < FRAME_HEADER + size) break;
    const uint8_t *payload = client->frame + start + FRAME_HEADER;
    if (!frame_execute(monitor, client, (char)client->frame[start], payload, size)) return false;
    start += FRAME_HEADER + size;
  }
  client->received -= start;
  memmove(client->frame, client->frame + start, client->received);
  return true;
}
