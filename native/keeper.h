/* The keeper of one project: holds its network namespace, forwards ports, keeps its supervisor running. */
#ifndef GANTRY_KEEPER_H
#define GANTRY_KEEPER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "failure.h"
#include "plan.h"

struct keeper;

/* A descriptor in the event loop, and who handles what happens to it. */
struct keeper_event {
  int fd;
  /* EPOLL* events asked for; 0: not in the loop. */
  uint32_t events;
  void (*handle)(struct keeper *keeper, struct keeper_event *event, uint32_t events);
};

struct keeper_supervisor {
  const struct op_supervisor *op;
  struct keeper_event process;
  pid_t pid;
  /* CLOCK_MONOTONIC, ms: when it was started; when it is to be started again (0: it runs). */
  uint64_t started;
  uint64_t due;
  uint32_t delay;
};

struct forward;
struct udp_session;

struct keeper {
  struct plan plan;
  const struct op_keeper *op;
  int epoll;
  /* The process that makes sockets in the host's network namespace, and the way to ask it. */
  pid_t listener_pid;
  struct keeper_event listener;
  /* The process that runs the plan's uplink program, the way to speak to it, and whether the program was ready. */
  pid_t uplink_pid;
  int uplink_channel;
  bool uplink_ready;
  struct keeper_event control;
  struct keeper_event signals;
  struct keeper_supervisor supervisor;
  struct forward *forwards;
  /* What was closed in this turn of the loop and is freed after it, when no event can refer to it any more. */
  void **ended_things;
  size_t ended_count;
  size_t ended_capacity;
  /* UDP sessions by age, the oldest first. */
  struct udp_session *oldest_session;
  struct udp_session *newest_session;
  bool quitting;
  /* CLOCK_MONOTONIC, ms: when a supervisor that was asked to end is killed. */
  uint64_t kill_due;
  bool ended;
};

/* keeper_loop.c */
void keeper_serve(struct keeper *keeper);
void event_set(struct keeper *keeper, struct keeper_event *event, uint32_t events);
/* Takes the descriptor out of the loop and closes it. */
void event_close(struct keeper *keeper, struct keeper_event *event);
/* Frees memory after this turn of the loop. */
void free_later(struct keeper *keeper, void *memory);
/* Milliseconds of CLOCK_MONOTONIC. */
uint64_t keeper_now(void);

/* keeper_start.c: everything before the loop. Returns 0, or -1 with failure filled in. */
int keeper_start(struct keeper *keeper, struct failure *failure);
/* Orderly: the supervisor is asked to end, and the keeper ends after it. */
void keeper_quit(struct keeper *keeper);

/* keeper_supervisor.c. Returns 0, or -1 and errno. */
int supervisor_start(struct keeper *keeper);
/* Starts or kills the supervisor when it is due; returns when that is next (0: never). */
uint64_t supervisor_tend(struct keeper *keeper, uint64_t now);
int keeper_write_status(const struct keeper *keeper);

/* keeper_control.c */
int control_listen(struct keeper *keeper);

#endif
