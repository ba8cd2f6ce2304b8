/* The monitor of one container: parent of its process 1, keeper of its log, server of its control socket. */
#ifndef GANTRY_MONITOR_H
#define GANTRY_MONITOR_H

#include <stdbool.h>
#include <stdint.h>

#include "byte_queue.h"
#include "launch.h"
#include "log.h"

/* Frames are a type byte, a 32-bit length and at most this much payload. */
#define FRAME_HEADER 5U
#define FRAME_LONGEST_PAYLOAD (64U * 1024)

struct monitor;

/* A descriptor in the event loop, and who handles what happens to it. */
struct watch {
  int fd;
  /* EPOLL* events asked for; 0: not in the loop. */
  uint32_t events;
  void (*handle)(struct monitor *monitor, struct watch *watch, uint32_t events);
};

enum stdin_mode { STDIN_NULL = 0, STDIN_UNTIL_FIRST_CLIENT_CLOSES = 1, STDIN_UNTIL_EXIT = 2 };

struct output {
  struct watch watch;
  /* 'O' or 'E'. */
  char frame_type;
  struct log_stream log_stream;
};

struct input {
  struct watch watch;
  struct byte_queue queue;
  /* Once the queue is empty, standard input is closed. */
  bool closing;
};

struct client {
  struct watch watch;
  struct client *next;
  /* Closed, and to be freed when no event of this round can refer to it any more. */
  bool gone;
  bool takes_output;
  bool gives_input;
  bool lossless;
  struct byte_queue queue;
  size_t received;
  uint8_t frame[FRAME_HEADER + FRAME_LONGEST_PAYLOAD];
};

struct monitor {
  const struct op_monitor *op;
  /* NULL: there is nobody else to tell of the end. */
  const struct op_runtime *runtime;
  struct program program;
  uint64_t started;
  int epoll;
  struct watch listener;
  struct watch process;
  struct output outputs[2];
  struct input input;
  struct client *clients;
  bool ended;
  /* Until then (CLOCK_MONOTONIC, ms) the output waits for its first reader; 0: it does not. */
  uint64_t held_until;
  int oom_counter;
  uint64_t oom_before;
  struct log log;
};

/* monitor_start.c: socket, log and OOM counter, before there is a program. Returns 0, or -1 with failure filled in. */
int monitor_open(struct monitor *monitor, const struct op_monitor *op, struct failure *failure);
/* Starts the program with its pipes. */
int monitor_start(struct monitor *monitor, struct launch *launch, struct failure *failure);

/* monitor_loop.c: serves until the program has ended. */
void monitor_serve(struct monitor *monitor);
/* Handles what happens next, waiting at most timeout ms (-1: no limit). Returns false when nothing happened. */
bool monitor_turn(struct monitor *monitor, int timeout);

/* monitor_end.c: the rest of the output, the exit record, and the clients told. */
void monitor_end(struct monitor *monitor);

/* monitor_output.c */
void output_handle(struct monitor *monitor, struct watch *watch, uint32_t events);
/* Passes on what can be read now. Returns the number of bytes, 0 when there is nothing now or ever again. */
size_t output_pass(struct monitor *monitor, struct output *output);
bool monitor_is_held(const struct monitor *monitor);

/* monitor_input.c */
void input_handle(struct monitor *monitor, struct watch *watch, uint32_t events);
void input_give(struct monitor *monitor, const void *data, size_t length);
void input_close(struct monitor *monitor);

/* monitor_client.c */
void listener_handle(struct monitor *monitor, struct watch *watch, uint32_t events);
void client_send(struct client *client, char type, uint8_t *frame, size_t length);
void client_drop(struct monitor *monitor, struct client *client);

/* monitor_frame.c: what a client asks for. Returns false when it is malformed. */
bool frame_execute(struct monitor *monitor, struct client *client, char type, const uint8_t *payload, size_t length);

/* monitor_watch.c: changes what the loop waits for. */
void watch_set(struct monitor *monitor, struct watch *watch, uint32_t events);
/* Takes the descriptor out of the loop and closes it. */
void watch_close(struct monitor *monitor, struct watch *watch);

/* monitor_oom.c */
int oom_counter_open(const char *path);
uint64_t oom_counter_read(int fd, const char *key);

/* Milliseconds of CLOCK_MONOTONIC. */
uint64_t monotonic_ms(void);

#endif
