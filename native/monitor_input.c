#include <sys/epoll.h>

#include "monitor.h"

void input_handle(struct monitor *monitor, struct watch *watch, uint32_t events) {
  struct input *input = &monitor->input;
  bool writable = !(events & EPOLLERR) && byte_queue_write(&input->queue, watch->fd);
  if (writable && !(input->closing && input->queue.length == 0)) return;
  byte_queue_clear(&input->queue);
  watch_close(monitor, watch);
}

void input_give(struct monitor *monitor, const void *data, size_t length) {
  if (monitor->input.watch.fd >= 0 && !monitor->input.closing) byte_queue_append(&monitor->input.queue, data, length);
}

/* A terminal has no end of input of its own: Ctrl-D is a key like others. */
void input_close(struct monitor *monitor) {
  if (monitor->op->stdin_mode != STDIN_UNTIL_FIRST_CLIENT_CLOSES || monitor->program.terminal >= 0) return;
  monitor->input.closing = true;
  if (monitor->input.queue.length == 0) watch_close(monitor, &monitor->input.watch);
}
