#include "credentials.h"

#include <errno.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <sys/prctl.h>

#include "kernel.h"

static int set_groups(const struct op_groups *op, struct failure *failure);
static int set_user(const struct op_user *op, struct failure *failure);
static int set_capabilities(const struct op_capabilities *op, struct failure *failure);
static int install_filter(const struct op_seccomp *op, struct failure *failure);

bool credentials_executes(enum op_code code) {
  return code >= OP_GROUPS && code <= OP_SECCOMP;
}

int credentials_execute(const struct op *op, struct failure *failure) {
  switch ((unsigned)op->code) {
    case OP_GROUPS:
      return set_groups(&op->groups, failure);
    case OP_USER:
      return set_user(&op->user, failure);
    case OP_CAPABILITIES:
      return set_capabilities(&op->capabilities, failure);
    case OP_NO_NEW_PRIVS:
      if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0) return 0;
      return fail(failure, errno, "-", "giving up new privileges");
    default:
      return install_filter(&op->seccomp, failure);
  }
}

/* System calls rather than libc's functions: libc would try to change other threads too, and there are none. */
static int set_groups(const struct op_groups *op, struct failure *failure) {
  if (syscall(SYS_setgroups, (size_t)op->gids.count, op->gids.items) == 0) return 0;
  return fail(failure, errno, "-", "setting %u supplementary groups", op->gids.count);
}

static int set_user(const struct op_user *op, struct failure *failure) {
  char subject[32];
  snprintf(subject, sizeof subject, "%u:%u", op->uid, op->gid);
  if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) < 0) return fail(failure, errno, subject, "keeping capabilities");
  if (syscall(SYS_setresgid, op->gid, op->gid, op->gid) < 0) return fail(failure, errno, subject, "setting the group");
  if (syscall(SYS_setresuid, op->uid, op->uid, op->uid) < 0) return fail(failure, errno, subject, "setting the user");
  return 0;
}

struct capability_sets {
  uint64_t effective, permitted, inheritable;
};

static int get_sets(struct capability_sets *sets);
static int set_sets(const struct capability_sets *sets);
static int limit_bounding_set(uint64_t keep);
static int set_ambient(uint64_t ambient);

/*
 * The bounding set first, while the capability to change it (CAP_SETPCAP) is effective: a change of user
 * has emptied the effective set. Ambient last, since it may only hold what is permitted and inheritable.
 */
static int set_capabilities(const struct op_capabilities *op, struct failure *failure) {
  struct capability_sets sets;
  char subject[24];
  if (get_sets(&sets) < 0) return fail(failure, errno, "-", "reading the capabilities");
  sets.effective = sets.permitted;
  if (set_sets(&sets) < 0) return fail(failure, errno, "-", "making the capabilities effective");
  int capability = limit_bounding_set(op->bounding);
  snprintf(subject, sizeof subject, "%d", capability);
  if (capability >= 0) return fail(failure, errno, subject, "dropping the capability from the bounding set");
  sets = (struct capability_sets){op->effective, op->permitted, op->inheritable};
  snprintf(subject, sizeof subject, "%#llx", (unsigned long long)op->permitted);
  if (set_sets(&sets) < 0) return fail(failure, errno, subject, "setting the capabilities");
  capability = set_ambient(op->ambient);
  snprintf(subject, sizeof subject, "%d", capability);
  return capability >= 0 ? fail(failure, errno, subject, "raising the ambient capability") : 0;
}

static int get_sets(struct capability_sets *sets) {
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct data[2];
  if (syscall(SYS_capget, &header, data) < 0) return -1;
  sets->effective = data[0].effective | (uint64_t)data[1].effective << 32;
  sets->permitted = data[0].permitted | (uint64_t)data[1].permitted << 32;
  sets->inheritable = data[0].inheritable | (uint64_t)data[1].inheritable << 32;
  return 0;
}

static int set_sets(const struct capability_sets *sets) {
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct data[2] = {
      {(uint32_t)sets->effective, (uint32_t)sets->permitted, (uint32_t)sets->inheritable},
      {(uint32_t)(sets->effective >> 32), (uint32_t)(sets->permitted >> 32), (uint32_t)(sets->inheritable >> 32)},
  };
  return (int)syscall(SYS_capset, &header, data);
}

/* Returns the capability that could not be dropped, or -1. The kernel refuses the first number it does not know. */
static int limit_bounding_set(uint64_t keep) {
  for (int capability = 0; capability < 64; capability++) {
    int held = prctl(PR_CAPBSET_READ, capability, 0, 0, 0);
    if (held < 0) return -1;
    if (held == 0 || (keep >> capability & 1)) continue;
    if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) < 0) return capability;
  }
  return -1;
}

/* Returns the capability that could not be raised, or -1. */
static int set_ambient(uint64_t ambient) {
  prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  for (int capability = 0; capability < 64; capability++) {
    if (!(ambient >> capability & 1)) continue;
    if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0) < 0) return capability;
  }
  return -1;
}

static int install_filter(const struct op_seccomp *op, struct failure *failure) {
  size_t count = op->program.length / sizeof(struct sock_filter);
  if (count == 0 || count > BPF_MAXINSNS || op->program.length % sizeof(struct sock_filter) != 0) {
    return fail(failure, EINVAL, "-", "%u bytes are not a filter program", op->program.length);
  }
  struct {
    unsigned short count;
    const void *instructions;
  } program = {(unsigned short)count, op->program.data};
  if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, (unsigned)op->flags, &program) == 0) return 0;
  return fail(failure, errno, "-", "installing the filter of %zu instructions", count);
}
