/* Everything a monitor has before its program runs, and the start of the program. */
#include <errno.h>
#include <fcntl.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "descriptor.h"
#include "monitor.h"
#include "records.h"
#include "unix_listener.h"

int monitor_open(struct monitor *monitor, const struct op_monitor *op, struct failure *failure) {
  monitor->op = op;
  monitor->epoll = epoll_create1(EPOLL_CLOEXEC);
  if (monitor->epoll < 0) return fail(failure, errno, "-", "opening the event loop");
  if (log_open(&monitor->log, op->log_path, op->log_max_size, op->log_max_files) < 0) {
    return fail(failure, errno, op->log_path, "opening the log");
  }
  monitor->oom_counter = oom_counter_open(op->oom_path);
  monitor->listener = (struct watch){.fd = unix_listen(op->socket_path), .handle = listener_handle};
  return monitor->listener.fd < 0 ? fail(failure, errno, op->socket_path, "listening on the control socket") : 0;
}

/* What the program gets as its descriptors 0 to 2, and the monitor's ends of these. */
struct standard {
  int program[3];
  int monitor[3];
};

static int open_pipes(struct standard *standard, const struct op_monitor *op, bool terminal);
static void close_program_ends(const struct standard *standard);
static int use_terminal(struct standard *standard, int terminal, const struct op_monitor *op);
static void watch_program(struct monitor *monitor, const struct standard *standard);

int monitor_start(struct monitor *monitor, struct launch *launch, struct failure *failure) {
  struct standard standard = {{-1, -1, -1}, {-1, -1, -1}};
  bool terminal = launch->spawn->terminal;
  if (open_pipes(&standard, monitor->op, terminal) < 0) return fail(failure, errno, "-", "opening the program's pipes");
  monitor->oom_before = oom_counter_read(monitor->oom_counter, monitor->op->oom_key);
  monitor->runtime = launch->runtime;
  int result = spawn_program(launch, standard.program, &monitor->program, failure);
  monitor->started = unix_time();
  close_program_ends(&standard);
  if (result < 0) return -1;
  failure->op = op_name(OP_MONITOR);
  if (terminal && use_terminal(&standard, monitor->program.terminal, monitor->op) < 0) {
    return fail(failure, errno, "-", "using the terminal");
  }
  if (write_status_record(monitor->op->status_path, monitor->program.pid, monitor->started) < 0) {
    return fail(failure, errno, monitor->op->status_path, "writing the status file");
  }
  watch_program(monitor, &standard);
  return 0;
}

/* Without pipes the program has the monitor's own descriptors, which are /dev/null. */
static int open_pipes(struct standard *standard, const struct op_monitor *op, bool terminal) {
  int ends[2];
  if (terminal) return 0;
  for (int i = 0; i < 3; i++) {
    bool is_input = i == STDIN_FILENO;
    if (is_input && op->stdin_mode == STDIN_NULL) continue;
    if (pipe2(ends, O_CLOEXEC) < 0) return -1;
    standard->program[i] = is_input ? ends[0] : ends[1];
    standard->monitor[i] = is_input ? ends[1] : ends[0];
    fcntl(standard->monitor[i], F_SETFL, O_NONBLOCK);
  }
  return 0;
}

static void close_program_ends(const struct standard *standard) {
  for (int i = 0; i < 3; i++) descriptor_close(&standard->program[i]);
}

/* Twice the same terminal, since the loop waits for input and output on their own. */
static int use_terminal(struct standard *standard, int terminal, const struct op_monitor *op) {
  fcntl(terminal, F_SETFL, O_NONBLOCK);
  standard->monitor[STDOUT_FILENO] = terminal;
  if (op->stdin_mode == STDIN_NULL) return 0;
  standard->monitor[STDIN_FILENO] = fcntl(terminal, F_DUPFD_CLOEXEC, 3);
  return standard->monitor[STDIN_FILENO] < 0 ? -1 : 0;
}

static void watch_program(struct monitor *monitor, const struct standard *standard) {
  static const char *const names[] = {"stdout", "stderr"};
  monitor->input.watch = (struct watch){.fd = standard->monitor[STDIN_FILENO], .handle = input_handle};
  for (int i = 0; i < 2; i++) {
    struct output *output = &monitor->outputs[i];
    output->watch = (struct watch){.fd = standard->monitor[STDOUT_FILENO + i], .handle = output_handle};
    output->frame_type = i == 0 ? 'O' : 'E';
    output->log_stream.name = names[i];
  }
  if (monitor->op->hold_ms > 0) monitor->held_until = monotonic_ms() + monitor->op->hold_ms;
}
