#include <errno.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "monitor.h"

/* A reader that may lose output is dropped when it is this far behind. */
#define LOSSY_LIMIT (1024U * 1024)

static void send_to_readers(struct monitor *monitor, char type, uint8_t *frame, size_t length);

void output_handle(struct monitor *monitor, struct watch *watch, uint32_t events) {
  (void)events;
  /* The watch is the first member of its output. */
  struct output *output = (struct output *)(void *)watch;
  output_pass(monitor, output);
}

size_t output_pass(struct monitor *monitor, struct output *output) {
  /* Room for a frame's header before the data, so that it is sent without being copied. */
  static uint8_t frame[FRAME_HEADER + FRAME_LONGEST_PAYLOAD];
  if (output->watch.fd < 0) return 0;
  ssize_t length;
  do length = read(output->watch.fd, frame + FRAME_HEADER, FRAME_LONGEST_PAYLOAD);
  while (length < 0 && errno == EINTR);
  if (length > 0) {
    log_append(&monitor->log, &output->log_stream, (const char *)frame + FRAME_HEADER, (size_t)length);
    send_to_readers(monitor, output->frame_type, frame, (size_t)length);
    return (size_t)length;
  }
  /* EIO is how a terminal says that its other end is closed. */
  if (length == 0 || errno != EAGAIN) watch_close(monitor, &output->watch);
  return 0;
}

static void send_to_readers(struct monitor *monitor, char type, uint8_t *frame, size_t length) {
  for (struct client *client = monitor->clients; client; client = client->next) {
    if (client->gone || !client->takes_output) continue;
    client_send(client, type, frame, length);
    if (!client->lossless && client->queue.length > LOSSY_LIMIT) client_drop(monitor, client);
  }
}

bool monitor_is_held(const struct monitor *monitor) {
  return monitor->held_until > 0 && monotonic_ms() < monitor->held_until;
}
