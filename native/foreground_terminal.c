#include "foreground_terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static bool pass_output(struct foreground_terminal *terminal);
static void read_typed(struct foreground_terminal *terminal);
static void pass_typed(struct foreground_terminal *terminal);

void foreground_terminal_open(struct foreground_terminal *terminal, int master) {
  *terminal = (struct foreground_terminal){.master = master, .input_open = true};
  if (master < 0) return;
  fcntl(master, F_SETFL, O_NONBLOCK);
  if (tcgetattr(STDIN_FILENO, &terminal->original) < 0) return;
  struct termios raw = terminal->original;
  cfmakeraw(&raw);
  terminal->is_raw = tcsetattr(STDIN_FILENO, TCSANOW, &raw) == 0;
  foreground_terminal_resize(terminal);
}

void foreground_terminal_expect(const struct foreground_terminal *terminal, struct pollfd *events) {
  bool reads_input = terminal->master >= 0 && terminal->input_open && terminal->typed_length == 0;
  events[0] = (struct pollfd){.fd = terminal->master, .events = terminal->typed_length > 0 ? POLLIN | POLLOUT : POLLIN};
  events[1] = (struct pollfd){.fd = reads_input ? STDIN_FILENO : -1, .events = POLLIN};
}

void foreground_terminal_handle(struct foreground_terminal *terminal, const struct pollfd *events) {
  if (terminal->master < 0) return;
  if ((events[0].revents & (POLLIN | POLLHUP)) && !pass_output(terminal)) {
    close(terminal->master);
    terminal->master = -1;
    return;
  }
  if (events[1].revents) read_typed(terminal);
  if (terminal->typed_length > 0) pass_typed(terminal);
}

void foreground_terminal_resize(const struct foreground_terminal *terminal) {
  struct winsize size;
  if (ioctl(STDIN_FILENO, TIOCGWINSZ, &size) == 0) ioctl(terminal->master, TIOCSWINSZ, &size);
}

void foreground_terminal_close(struct foreground_terminal *terminal) {
  while (terminal->master >= 0 && pass_output(terminal)) {
    struct pollfd more = {.fd = terminal->master, .events = POLLIN};
    if (poll(&more, 1, 0) <= 0) break;
  }
  if (terminal->is_raw) tcsetattr(STDIN_FILENO, TCSADRAIN, &terminal->original);
}

/* Returns false when the program's side is closed for good (EIO). */
static bool pass_output(struct foreground_terminal *terminal) {
  char output[16384];
  ssize_t length = read(terminal->master, output, sizeof output);
  if (length <= 0) return length < 0 && (errno == EAGAIN || errno == EINTR);
  for (char *position = output; length > 0;) {
    ssize_t written = write(STDOUT_FILENO, position, (size_t)length);
    if (written < 0 && errno == EAGAIN) {
      struct pollfd room = {.fd = STDOUT_FILENO, .events = POLLOUT};
      poll(&room, 1, -1);
      continue;
    }
    if (written < 0 && errno == EINTR) continue;
    /* Nobody reads any more: the program is not to be blocked by that. */
    if (written <= 0) break;
    position += written;
    length -= written;
  }
  return true;
}

static void read_typed(struct foreground_terminal *terminal) {
  ssize_t length = read(STDIN_FILENO, terminal->typed, sizeof terminal->typed);
  if (length > 0) terminal->typed_length = (size_t)length;
  else if (length == 0 || (errno != EAGAIN && errno != EINTR)) terminal->input_open = false;
}

static void pass_typed(struct foreground_terminal *terminal) {
  ssize_t written = write(terminal->master, terminal->typed, terminal->typed_length);
  if (written <= 0) return;
  terminal->typed_length -= (size_t)written;
  memmove(terminal->typed, terminal->typed + written, terminal->typed_length);
}
