import { GantryError } from "../../lib/diagnostic.ts";
import type { HelperStatus } from "../../lib/helper-status.ts";

type Failure = Extract<HelperStatus, { ok: false }>;

/** What the helper could not do, in the user's terms. `doing` is "container shop-web-1" or the like. */
export function launchFailure(doing: string, failure: Failure): GantryError {
  const { operation, errno, subject, text } = failure;
  if (operation === "exec") return execFailure(doing, failure);
  if (operation === "") return new GantryError("launch-failed", `${doing}: ${text}`, { exitCode: 125 });
  const known = EXPLANATIONS.find((one) => one.operation === operation && one.errnos.includes(errno));
  return new GantryError(
    known?.code ?? "launch-failed",
    `${doing}: ${operation} ${subject}: ${text} (${errno})`,
    { hint: known?.hint, exitCode: 125 },
  );
}

/** Failures that a user can do something about. */
const EXPLANATIONS: readonly {
  readonly operation: string;
  readonly errnos: readonly string[];
  readonly code: string;
  readonly hint: string;
}[] = [
  {
    operation: "bind",
    errnos: ["ENOENT"],
    code: "mount-source-missing",
    hint: "create the path on this host, or correct it under `volumes:`",
  },
  {
    operation: "bind",
    errnos: ["ENOTDIR"],
    code: "mount-mismatch",
    hint: "a file can only be mounted over a file and a directory over a directory",
  },
  {
    operation: "rlimit",
    errnos: ["EPERM"],
    code: "limit-refused",
    hint: "the hard limit of this session is lower (ulimit -H), and raising it needs CAP_SYS_RESOURCE",
  },
  {
    operation: "sysctl",
    errnos: ["ENOENT", "EACCES", "EPERM", "EROFS"],
    code: "sysctl-refused",
    hint: "only parameters that belong to the container's own namespaces can be set (net.*, kernel.shm*, fs.mqueue.*)",
  },
  ...["user", "groups"].map((operation) => ({
    operation,
    errnos: ["EINVAL", "EPERM"],
    code: "user-unmapped",
    hint: "that id is none of yours: an ordinary user needs a range in /etc/subuid and /etc/subgid; gantry doctor says how",
  })),
  {
    operation: "setns_process",
    errnos: ["EPERM"],
    code: "namespace-refused",
    hint: "an ordinary user's containers cannot join the host's network: use `ports:`, or run gantry as root",
  },
  {
    operation: "setns_process",
    errnos: ["ESRCH", "ENOENT"],
    code: "namespace-owner-down",
    hint: "the container whose namespace is shared has just ended: start it first",
  },
  {
    operation: "device_filter",
    errnos: ["EINVAL", "ENOSYS", "EPERM"],
    code: "devices-unprotected",
    hint: "the kernel needs CONFIG_CGROUP_BPF, and gantry the capabilities BPF or SYS_ADMIN; `privileged: true` goes without the protection",
  },
  {
    operation: "overlay",
    errnos: ["ENODEV", "EINVAL", "EPERM"],
    code: "overlay-unsupported",
    hint: "the file system of gantry's root must be able to carry an overlay (not one itself); see --root",
  },
];

function execFailure(doing: string, { errno, subject, text }: Failure): GantryError {
  const missing = errno === "ENOENT";
  return new GantryError(
    missing ? "command-not-found" : "command-not-executable",
    `${doing}: cannot run ${subject}: ${text}`,
    {
      exitCode: missing ? 127 : 126,
      hint: missing
        ? "check the command, and that the image has the program (and its interpreter)"
        : "check that the file is executable and made for this machine",
    },
  );
}
