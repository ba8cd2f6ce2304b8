#include "keeper_flow.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#define AT_ONCE (256U * 1024)
/* A fast connection must not keep the others waiting. */
#define ROUNDS 16
#define SPARE_PIPES 32

/* Empty pipes of flows that rest, kept because making one for every burst of bytes is half of its cost. */
static int spare[SPARE_PIPES][2];
static int spare_count;

static bool take_pipe(struct flow *flow);
static void give_pipe(struct flow *flow);
static ssize_t fill(struct flow *flow, int from);
static ssize_t drain(struct flow *flow, int to);

void flow_begin(struct flow *flow) {
  *flow = (struct flow){.pipe = {-1, -1}};
}

bool flow_pass(struct flow *flow, int from, int to) {
  for (int round = 0; round < ROUNDS && !flow->finished; round++) {
    ssize_t filled = flow->ended || flow->held > 0 ? 0 : fill(flow, from);
    if (filled < 0) return false;
    if (flow->held == 0 && !flow->ended) break;
    ssize_t drained = flow->held > 0 ? drain(flow, to) : 0;
    if (drained < 0) return false;
    if (flow->ended && flow->held == 0) {
      shutdown(to, SHUT_WR);
      flow->finished = true;
    } else if (flow->held > 0) {
      break;
    }
  }
  if (flow->held == 0) give_pipe(flow);
  return true;
}

bool flow_wants_input(const struct flow *flow) {
  return !flow->ended && flow->held == 0;
}

bool flow_wants_room(const struct flow *flow) {
  return flow->held > 0;
}

void flow_end(struct flow *flow) {
  if (flow->held > 0) {
    close(flow->pipe[0]);
    close(flow->pipe[1]);
    flow_begin(flow);
  } else {
    give_pipe(flow);
  }
}

/* Returns the number of bytes, 0 when there are none now or ever again, or -1. */
static ssize_t fill(struct flow *flow, int from) {
  if (!take_pipe(flow)) return -1;
  ssize_t length = splice(from, NULL, flow->pipe[1], NULL, AT_ONCE, SPLICE_F_NONBLOCK | SPLICE_F_MOVE);
  if (length < 0) return errno == EAGAIN || errno == EINTR ? 0 : -1;
  if (length == 0) flow->ended = true;
  flow->held += (size_t)length;
  return length;
}

static ssize_t drain(struct flow *flow, int to) {
  while (flow->held > 0) {
    ssize_t length = splice(flow->pipe[0], NULL, to, NULL, flow->held, SPLICE_F_NONBLOCK | SPLICE_F_MOVE);
    if (length < 0) return errno == EAGAIN || errno == EINTR ? 0 : -1;
    if (length == 0) return -1;
    flow->held -= (size_t)length;
  }
  return 0;
}

static bool take_pipe(struct flow *flow) {
  if (flow->pipe[0] >= 0) return true;
  if (spare_count > 0) {
    spare_count--;
    flow->pipe[0] = spare[spare_count][0];
    flow->pipe[1] = spare[spare_count][1];
    return true;
  }
  if (pipe2(flow->pipe, O_CLOEXEC | O_NONBLOCK) < 0) {
    flow_begin(flow);
    return false;
  }
  fcntl(flow->pipe[1], F_SETPIPE_SZ, AT_ONCE);
  return true;
}

static void give_pipe(struct flow *flow) {
  if (flow->pipe[0] < 0) return;
  if (spare_count < SPARE_PIPES) {
    spare[spare_count][0] = flow->pipe[0];
    spare[spare_count][1] = flow->pipe[1];
    spare_count++;
  } else {
    close(flow->pipe[0]);
    close(flow->pipe[1]);
  }
  flow->pipe[0] = flow->pipe[1] = -1;
}
