/* What clients ask of a monitor. */
#include <endian.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>

#include "kernel.h"
#include "monitor.h"

#define ATTACH_OUTPUT 1U
#define ATTACH_INPUT 2U
#define ATTACH_LOSSLESS 4U

static bool send_signal(const struct monitor *monitor, const uint8_t *payload, size_t length);
static bool attach(struct monitor *monitor, struct client *client, const uint8_t *payload, size_t length);
static bool resize(const struct monitor *monitor, const uint8_t *payload, size_t length);

bool frame_execute(struct monitor *monitor, struct client *client, char type, const uint8_t *payload, size_t length) {
  switch (type) {
    case 'S':
      return send_signal(monitor, payload, length);
    case 'A':
      return attach(monitor, client, payload, length);
    case 'W':
      return resize(monitor, payload, length);
    case 'I':
      if (client->gives_input) input_give(monitor, payload, length);
      return client->gives_input;
    case 'C':
      if (client->gives_input) input_close(monitor);
      return client->gives_input && length == 0;
    default:
      return false;
  }
}

static bool send_signal(const struct monitor *monitor, const uint8_t *payload, size_t length) {
  uint32_t number;
  if (length != sizeof number) return false;
  memcpy(&number, payload, sizeof number);
  number = le32toh(number);
  if (number == 0 || number >= _NSIG) return false;
  kernel_pidfd_send_signal(monitor->program.pidfd, (int)number);
  return true;
}

static bool attach(struct monitor *monitor, struct client *client, const uint8_t *payload, size_t length) {
  if (length != 1 || (payload[0] & ~(ATTACH_OUTPUT | ATTACH_INPUT | ATTACH_LOSSLESS))) return false;
  client->takes_output = payload[0] & ATTACH_OUTPUT;
  client->gives_input = payload[0] & ATTACH_INPUT;
  client->lossless = payload[0] & ATTACH_LOSSLESS;
  monitor->held_until = 0;
  return true;
}

static bool resize(const struct monitor *monitor, const uint8_t *payload, size_t length) {
  uint16_t numbers[2];
  if (length != sizeof numbers) return false;
  memcpy(numbers, payload, sizeof numbers);
  struct winsize size = {.ws_row = le16toh(numbers[0]), .ws_col = le16toh(numbers[1])};
  if (monitor->program.terminal >= 0 && monitor->outputs[0].watch.fd >= 0) {
    ioctl(monitor->program.terminal, TIOCSWINSZ, &size);
  }
  return true;
}
