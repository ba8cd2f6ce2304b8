#include "reaper.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "kernel.h"

static _Noreturn void reap(pid_t program);
static _Noreturn void end_as(int status);

int reaper_stay(int channel, pid_t *reaper, struct failure *failure) {
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, NULL);
  pid_t self = getpid();
  pid_t program = fork();
  if (program < 0) return fail(failure, errno, "-", "forking the program");
  if (program > 0) {
    /* The program's pipes must reach their end when the program closes them. */
    close(channel);
    kernel_close_range(0, ~0U, 0);
    prctl(PR_SET_NAME, "gantry-init", 0, 0, 0);
    reap(program);
  }
  *reaper = self;
  /* Its own process group, in the foreground: the terminal's Ctrl-C reaches it directly, and not twice. */
  setpgid(0, 0);
  if (isatty(STDIN_FILENO)) tcsetpgrp(STDIN_FILENO, getpid());
  return 0;
}

static _Noreturn void reap(pid_t program) {
  sigset_t all;
  sigfillset(&all);
  for (;;) {
    int number = sigwaitinfo(&all, NULL);
    if (number > 0 && number != SIGCHLD) kill(program, number);
    if (number != SIGCHLD) continue;
    int status;
    pid_t ended;
    while ((ended = waitpid(-1, &status, WNOHANG)) > 0) {
      if (ended == program) end_as(status);
    }
  }
}

/* The kernel does not let process 1 of a namespace kill itself, so that a signal becomes 128+n, as in shells. */
static _Noreturn void end_as(int status) {
  _exit(WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status));
}
