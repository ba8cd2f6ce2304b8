/* The helper as the client of a program: signals pass on, the exit code comes back. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/wait.h>

#include "foreground_terminal.h"
#include "kernel.h"
#include "launch.h"

/* Stopping is the shell's business with the client; faults are the helper's own. */
static const int kept_signals[] = {SIGCHLD, SIGTSTP, SIGTTIN, SIGTTOU, SIGCONT, SIGSEGV,
                                   SIGBUS,  SIGFPE,  SIGILL,  SIGTRAP, SIGABRT, SIGPIPE};

static void pass_signals(int signals, const struct program *program, struct foreground_terminal *terminal);
static int exit_code(pid_t pid);

int foreground_block_signals(void) {
  sigset_t passed;
  sigfillset(&passed);
  for (size_t i = 0; i < sizeof kept_signals / sizeof *kept_signals; i++) sigdelset(&passed, kept_signals[i]);
  sigprocmask(SIG_BLOCK, &passed, NULL);
  signal(SIGPIPE, SIG_IGN);
  return signalfd(-1, &passed, SFD_CLOEXEC | SFD_NONBLOCK);
}

int foreground_run(int signals, const struct program *program) {
  struct foreground_terminal terminal;
  foreground_terminal_open(&terminal, program->terminal);
  enum { ENDED, SIGNALLED, FIRST_OF_TERMINAL };
  struct pollfd events[FIRST_OF_TERMINAL + FOREGROUND_TERMINAL_EVENTS] = {
      [ENDED] = {.fd = program->pidfd, .events = POLLIN},
      [SIGNALLED] = {.fd = signals, .events = POLLIN},
  };
  do {
    foreground_terminal_expect(&terminal, events + FIRST_OF_TERMINAL);
    if (poll(events, sizeof events / sizeof *events, -1) < 0) continue;
    if (events[SIGNALLED].revents) pass_signals(signals, program, &terminal);
    foreground_terminal_handle(&terminal, events + FIRST_OF_TERMINAL);
  } while (!events[ENDED].revents);
  foreground_terminal_close(&terminal);
  return exit_code(program->pid);
}

static void pass_signals(int signals, const struct program *program, struct foreground_terminal *terminal) {
  struct signalfd_siginfo information;
  while (read(signals, &information, sizeof information) == sizeof information) {
    if (information.ssi_signo == SIGWINCH && terminal->master >= 0) foreground_terminal_resize(terminal);
    else kernel_pidfd_send_signal(program->pidfd, (int)information.ssi_signo);
  }
}

static int exit_code(pid_t pid) {
  int status;
  while (waitpid(pid, &status, __WALL) < 0) {
    if (errno != EINTR) return EXIT_HELPER_FAILED;
  }
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
