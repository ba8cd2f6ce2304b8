/**
 * What an unprivileged container may not call, by the capability that opens it again; "" opens never.
 * Everything else that we know of is allowed. The result is the same as that of Docker's default profile.
 */
export const CLOSED_SYSCALLS: Readonly<Record<string, string>> = {
  CAP_BPF: "bpf",
  CAP_DAC_READ_SEARCH: "open_by_handle_at",
  CAP_PERFMON: "perf_event_open",
  CAP_SYSLOG: "syslog",
  // New namespaces and mounts are how a container would build itself another kernel interface.
  CAP_SYS_ADMIN: `bpf clone3 fanotify_init fsconfig fsmount fsopen fspick lookup_dcookie lsm_get_self_attr
    lsm_list_modules lsm_set_self_attr mount mount_setattr move_mount open_tree perf_event_open quotactl
    quotactl_fd setdomainname sethostname setns syslog umount umount2 unshare`,
  CAP_SYS_BOOT: "reboot",
  CAP_SYS_CHROOT: "chroot",
  CAP_SYS_MODULE: "delete_module finit_module init_module",
  CAP_SYS_NICE: "get_mempolicy mbind set_mempolicy set_mempolicy_home_node",
  CAP_SYS_PACCT: "acct",
  CAP_SYS_PTRACE: "kcmp pidfd_getfd process_madvise",
  CAP_SYS_RAWIO: "ioperm iopl",
  CAP_SYS_TIME: "clock_settime clock_settime64 settimeofday stime",
  CAP_SYS_TTY_CONFIG: "vhangup",
  "": `
    add_key keyctl request_key
    kexec_file_load kexec_load
    pivot_root swapoff swapon
    migrate_pages move_pages
    io_uring_enter io_uring_register io_uring_setup
    userfaultfd
    file_getattr file_setattr open_tree_attr
    nfsservctl sysfs uselib ustat vm86 vm86old
    _sysctl afs_syscall bdflush break create_module ftime get_kernel_syms getpmsg gtty idle lock mpx nice
    oldfstat oldlstat oldolduname oldstat olduname prof profil putpmsg query_module readdir security sgetmask
    sigaction signal sigpending sigsuspend ssetmask stty tuxcall ulimit vserver`,
};

/** Names of the calls that stay closed for a container with these capabilities. */
export function closedSyscalls(capabilities: readonly string[]): Set<string> {
  const namesOf = (list: string) => list.trim().split(/\s+/);
  const closed = new Set(Object.values(CLOSED_SYSCALLS).flatMap(namesOf));
  for (const capability of capabilities) {
    for (const name of namesOf(CLOSED_SYSCALLS[capability] ?? "")) closed.delete(name);
  }
  return closed;
}
