#include "terminal.h"

#include <errno.h>
#include <linux/magic.h>
#include <sys/ioctl.h>
#include <sys/vfs.h>

#include "channel.h"
#include "descriptor.h"
#include "kernel.h"
#include "mounts.h"
#include "rooted.h"

#ifndef TIOCGPTPEER
#define TIOCGPTPEER _IO('T', 0x41)
#endif

static int open_master(struct failure *failure);
static int become_standard(int terminal, struct failure *failure);
static int bind_console(int terminal, struct failure *failure);

int terminal_open(const struct op_terminal *op, const struct op_spawn *spawn, int channel, struct failure *failure) {
  OWNED_DESCRIPTOR master = open_master(failure);
  if (master < 0) return -1;
  int unlocked = 0;
  struct winsize size = {.ws_row = (unsigned short)spawn->rows, .ws_col = (unsigned short)spawn->cols};
  if (ioctl(master, TIOCSPTLCK, &unlocked) < 0 || ioctl(master, TIOCSWINSZ, &size) < 0) {
    return fail(failure, errno, "/dev/pts/ptmx", "preparing the terminal");
  }
  /* By the master rather than by name: a name could have been exchanged in a running container. */
  OWNED_DESCRIPTOR terminal = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (terminal < 0) return fail(failure, errno, "/dev/pts/ptmx", "opening the terminal's other end");
  if (fchown(terminal, op->uid, (gid_t)-1) < 0) return fail(failure, errno, "/dev/pts", "giving the terminal away");
  if (op->console && bind_console(terminal, failure) < 0) return -1;
  if (channel_send_terminal(channel, master) < 0) return fail(failure, errno, "-", "passing the terminal on");
  return become_standard(terminal, failure);
}

static int open_master(struct failure *failure) {
  struct statfs status;
  int master = rooted_open("/", "/dev/pts/ptmx", O_RDWR | O_NOCTTY);
  if (master < 0) return fail(failure, errno, "/dev/pts/ptmx", "opening a terminal");
  if (fstatfs(master, &status) == 0 && status.f_type == DEVPTS_SUPER_MAGIC) return master;
  close(master);
  return fail(failure, ENODEV, "/dev/pts/ptmx", "this is not a terminal file system");
}

static int become_standard(int terminal, struct failure *failure) {
  if (ioctl(terminal, TIOCSCTTY, 0) < 0) return fail(failure, errno, "-", "making it the controlling terminal");
  for (int i = 0; i < 3; i++) {
    if (dup2(terminal, i) < 0) return fail(failure, errno, "-", "setting descriptor %d", i);
  }
  return 0;
}

static int bind_console(int terminal, struct failure *failure) {
  OWNED_DESCRIPTOR target = rooted_make_file("/", "/dev/console");
  if (target >= 0 && mount_bind_descriptors(terminal, target, false) == 0) return 0;
  return fail(failure, errno, "/dev/console", "mounting the terminal");
}
