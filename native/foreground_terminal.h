/* Between the client's own terminal and the program's pseudo-terminal. */
#ifndef GANTRY_FOREGROUND_TERMINAL_H
#define GANTRY_FOREGROUND_TERMINAL_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <termios.h>

#define FOREGROUND_TERMINAL_EVENTS 2

struct foreground_terminal {
  /* The program's pseudo-terminal; -1: it has none, and all functions below do nothing. */
  int master;
  bool input_open;
  /* What was typed and not taken by the program yet. */
  char typed[4096];
  size_t typed_length;
  /* The client's terminal as it was, if standard input is one. */
  bool is_raw;
  struct termios original;
};

/* Makes the client's terminal raw, so that every key reaches the program. */
void foreground_terminal_open(struct foreground_terminal *terminal, int master);

/* Fills in what to poll(2) for. */
void foreground_terminal_expect(const struct foreground_terminal *terminal, struct pollfd *events);
void foreground_terminal_handle(struct foreground_terminal *terminal, const struct pollfd *events);

/* The client's window has another size. */
void foreground_terminal_resize(const struct foreground_terminal *terminal);

/* Writes the rest of the output and restores the client's terminal. */
void foreground_terminal_close(struct foreground_terminal *terminal);

#endif
