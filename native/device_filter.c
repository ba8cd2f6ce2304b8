/* Which devices the processes of a cgroup of version 2 may use: an eBPF program that the plan brings with it. */
#include "device_filter.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <stdio.h>

#include "descriptor.h"
#include "kernel.h"

/* As many programs as the kernel attaches to one cgroup (BPF_CGROUP_MAX_PROGS). */
#define MAXIMUM_PROGRAMS 64

static int load(const struct op_device_filter *op);
static uint32_t attached_programs(int cgroup, uint32_t identifiers[MAXIMUM_PROGRAMS]);
static int attach(int cgroup, int program);
static int detach(int cgroup, uint32_t identifier);

/* A container that is started again has the program of its last start: it goes when the new one is in place. */
int device_filter_execute(const struct op_device_filter *op, struct failure *failure) {
  uint32_t earlier[MAXIMUM_PROGRAMS];
  if (op->program.length == 0 || op->program.length % sizeof(struct bpf_insn) != 0) {
    return fail(failure, EINVAL, op->path, "a device program consists of whole instructions");
  }
  OWNED_DESCRIPTOR cgroup = open(op->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (cgroup < 0) return fail(failure, errno, op->path, "opening the cgroup");
  OWNED_DESCRIPTOR program = load(op);
  if (program < 0) return fail(failure, errno, op->path, "loading the device program");
  uint32_t count = attached_programs(cgroup, earlier);
  if (attach(cgroup, program) < 0) return fail(failure, errno, op->path, "attaching the device program");
  for (uint32_t i = 0; i < count; i++) {
    if (detach(cgroup, earlier[i]) < 0) return fail(failure, errno, op->path, "detaching an earlier device program");
  }
  return 0;
}

static int load(const struct op_device_filter *op) {
  union bpf_attr attributes = {
      .prog_type = BPF_PROG_TYPE_CGROUP_DEVICE,
      .insns = (uint64_t)(uintptr_t)op->program.data,
      .insn_cnt = (uint32_t)(op->program.length / sizeof(struct bpf_insn)),
      .license = (uint64_t)(uintptr_t) "MIT",
      .prog_name = "gantry_devices",
  };
  return kernel_bpf(BPF_PROG_LOAD, &attributes, sizeof attributes);
}

/* None where the kernel does not tell: then it has none of ours either. */
static uint32_t attached_programs(int cgroup, uint32_t identifiers[MAXIMUM_PROGRAMS]) {
  union bpf_attr attributes = {.query = {
                                   .target_fd = (uint32_t)cgroup,
                                   .attach_type = BPF_CGROUP_DEVICE,
                                   .prog_ids = (uint64_t)(uintptr_t)identifiers,
                                   .prog_cnt = MAXIMUM_PROGRAMS,
                               }};
  return kernel_bpf(BPF_PROG_QUERY, &attributes, sizeof attributes) < 0 ? 0 : attributes.query.prog_cnt;
}

/* All programs of a cgroup and of those above it have to agree. */
static int attach(int cgroup, int program) {
  union bpf_attr attributes = {
      .target_fd = (uint32_t)cgroup,
      .attach_bpf_fd = (uint32_t)program,
      .attach_type = BPF_CGROUP_DEVICE,
      .attach_flags = BPF_F_ALLOW_MULTI,
  };
  return kernel_bpf(BPF_PROG_ATTACH, &attributes, sizeof attributes);
}

static int detach(int cgroup, uint32_t identifier) {
  union bpf_attr by_identifier = {.prog_id = identifier};
  OWNED_DESCRIPTOR program = kernel_bpf(BPF_PROG_GET_FD_BY_ID, &by_identifier, sizeof by_identifier);
  if (program < 0) return errno == ENOENT ? 0 : -1;
  union bpf_attr attributes = {
      .target_fd = (uint32_t)cgroup,
      .attach_bpf_fd = (uint32_t)program,
      .attach_type = BPF_CGROUP_DEVICE,
  };
  return kernel_bpf(BPF_PROG_DETACH, &attributes, sizeof attributes) < 0 && errno != ENOENT ? -1 : 0;
}
