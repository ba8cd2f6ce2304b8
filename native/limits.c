#include "limits.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "descriptor.h"

static int set_resource_limit(const struct op_rlimit *op, struct failure *failure);
static int set_oom_score(const struct op_oom_score_adj *op, struct failure *failure);

bool limits_executes(enum op_code code) {
  return code == OP_HOSTNAME || code == OP_DOMAINNAME || (code >= OP_RLIMIT && code <= OP_UMASK);
}

int limits_execute(const struct op *op, struct failure *failure) {
  switch ((unsigned)op->code) {
    case OP_HOSTNAME:
      if (sethostname(op->hostname.name, strlen(op->hostname.name)) == 0) return 0;
      return fail(failure, errno, op->hostname.name, "setting the host name");
    case OP_DOMAINNAME:
      if (setdomainname(op->domainname.name, strlen(op->domainname.name)) == 0) return 0;
      return fail(failure, errno, op->domainname.name, "setting the domain name");
    case OP_RLIMIT:
      return set_resource_limit(&op->rlimit, failure);
    case OP_OOM_SCORE_ADJ:
      return set_oom_score(&op->oom_score_adj, failure);
    default:
      umask((mode_t)op->umask.mask & 0777);
      return 0;
  }
}

static int set_resource_limit(const struct op_rlimit *op, struct failure *failure) {
  struct rlimit limit = {.rlim_cur = op->soft, .rlim_max = op->hard};
  char subject[16];
  if (setrlimit((int)op->resource, &limit) == 0) return 0;
  snprintf(subject, sizeof subject, "%u", op->resource);
  return fail(failure, errno, subject, "setting the resource limit to %llu:%llu", (unsigned long long)op->soft,
              (unsigned long long)op->hard);
}

static int set_oom_score(const struct op_oom_score_adj *op, struct failure *failure) {
  char text[16];
  int length = snprintf(text, sizeof text, "%d", op->value);
  OWNED_DESCRIPTOR file = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (file >= 0 && write(file, text, (size_t)length) == length) return 0;
  return fail(failure, errno, text, "setting the out-of-memory score");
}
