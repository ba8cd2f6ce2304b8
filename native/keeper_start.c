#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "execute.h"
#include "kernel.h"
#include "keeper.h"
#include "keeper_forward.h"
#include "keeper_host_sockets.h"
#include "keeper_uplink.h"
#include "subcommands.h"

/* How long a supervisor that was asked to end may take. */
#define GRACE_MS 10000U

static int execute_plan(struct keeper *keeper, struct failure *failure);
static int execute(struct keeper *keeper, const struct op *op, struct net_context *network, struct failure *failure);
static void raise_descriptor_limit(void);
static void signals_handle(struct keeper *keeper, struct keeper_event *event, uint32_t events);
static void listener_handle(struct keeper *keeper, struct keeper_event *event, uint32_t events);
static int open_signals(void);

int keeper_start(struct keeper *keeper, struct failure *failure) {
  raise_descriptor_limit();
  keeper->epoll = epoll_create1(EPOLL_CLOEXEC);
  keeper->signals = (struct keeper_event){.fd = open_signals(), .handle = signals_handle};
  if (keeper->epoll < 0 || keeper->signals.fd < 0) return fail(failure, errno, "-", "opening the event loop");
  /* Before the host's namespace is left: the listener stays there. */
  keeper->listener = (struct keeper_event){.fd = host_sockets_start(&keeper->listener_pid), .handle = listener_handle};
  if (keeper->listener.fd < 0) return fail(failure, errno, "-", "starting the listener process");
  int result = uplink_prepare(keeper);
  if (result < 0) fail(failure, errno, "-", "starting the process of the uplink");
  if (result == 0) result = execute_plan(keeper, failure);
  if (result == 0) {
    failure->op = op_name(OP_KEEPER);
    if (control_listen(keeper) < 0) result = fail(failure, errno, keeper->op->control_path, "listening on the control socket");
  }
  if (result == 0) {
    failure->op = op_name(OP_SUPERVISOR);
    if (supervisor_start(keeper) < 0) {
      result = fail(failure, errno, keeper->supervisor.op->argv.items[0], "starting the supervisor");
    }
  }
  if (result < 0) kill(keeper->listener_pid, SIGKILL);
  if (result < 0) uplink_end(keeper);
  if (result < 0 && keeper->control.fd > 0) unlink(keeper->op->control_path);
  return result;
}

void keeper_quit(struct keeper *keeper) {
  if (keeper->quitting) return;
  keeper->quitting = true;
  if (keeper->supervisor.pid == 0) {
    keeper->ended = true;
    return;
  }
  kernel_pidfd_send_signal(keeper->supervisor.process.fd, SIGTERM);
  keeper->kill_due = keeper_now() + GRACE_MS;
}

static int execute_plan(struct keeper *keeper, struct failure *failure) {
  struct net_context network;
  failure->op = op_name(OP_KEEPER);
  if (net_open(&network, failure) < 0) return -1;
  int result = 0;
  for (uint32_t i = 1; i + 1 < keeper->plan.count && result == 0; i++) {
    const struct op *op = &keeper->plan.ops[i];
    failure->op = op_name(op->code);
    result = execute(keeper, op, &network, failure);
  }
  net_close(&network);
  return result;
}

static int execute(struct keeper *keeper, const struct op *op, struct net_context *network, struct failure *failure) {
  if (op->code == OP_HOLD) return lock_hold(&op->hold, failure);
  if (namespace_executes(op->code)) return namespace_execute(op, failure);
  if (op->code != OP_UPLINK_PROGRAM) return net_execute(op, network, failure);
  uplink_start(keeper, &op->uplink_program);
  return 0;
}

/* Every relayed connection takes two descriptors, and four more while it carries data. */
static void raise_descriptor_limit(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) < 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

/* All are blocked: a keeper ends by SIGTERM, by request, or with its supervisor, and by nothing else. */
static int open_signals(void) {
  sigset_t all, handled;
  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, NULL);
  sigemptyset(&handled);
  sigaddset(&handled, SIGTERM);
  return signalfd(-1, &handled, SFD_CLOEXEC | SFD_NONBLOCK);
}

static void signals_handle(struct keeper *keeper, struct keeper_event *event, uint32_t events) {
  struct signalfd_siginfo information;
  (void)events;
  while (read(event->fd, &information, sizeof information) == sizeof information) keeper_quit(keeper);
}

/* It says nothing unasked: it has ended, and nothing can be published any more. Whoever needs a keeper starts another. */
static void listener_handle(struct keeper *keeper, struct keeper_event *event, uint32_t events) {
  (void)event;
  (void)events;
  keeper->ended = true;
}
