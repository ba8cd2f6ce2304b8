import type { Check } from "./check.ts";

/** openat2, pidfds in full, close_range and overlayfs's later options are all there from here on. */
const OLDEST_KERNEL: readonly [number, number] = [5, 11];
const NAMESPACES = ["pid", "mnt", "uts", "ipc", "net", "cgroup", "user"];

export const checkKernel: Check = ({ kernelRelease }) => {
  const [major = 0, minor = 0] = kernelRelease.split(".").map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_KERNEL;
  const isNew = major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
  return {
    name: "kernel",
    verdict: isNew ? "ok" : "missing",
    found: `Linux ${kernelRelease}`,
    ...(isNew ? {} : { fix: `install a kernel of version ${OLDEST_KERNEL.join(".")} or later` }),
  };
};

export const checkNamespaces: Check = (host) => {
  const missing = NAMESPACES.filter((name) => !host.exists(`/proc/self/ns/${name}`));
  if (missing.length === 0) return { name: "namespaces", verdict: "ok", found: NAMESPACES.join(" ") };
  return {
    name: "namespaces",
    verdict: "missing",
    found: `the kernel is built without ${missing.join(", ")}`,
    fix: "use a kernel with CONFIG_NAMESPACES and all namespaces below it",
  };
};

export const checkOverlay: Check = (host) => {
  const known = host
    .readText("/proc/filesystems")
    ?.split("\n")
    .some((line) => line.trim().endsWith("overlay"));
  if (known) return { name: "overlayfs", verdict: "ok", found: "in the kernel" };
  const module = `/lib/modules/${host.kernelRelease}/kernel/fs/overlayfs`;
  return {
    name: "overlayfs",
    verdict: "missing",
    found: host.exists(module) ? "there, but not loaded" : "not in this kernel",
    fix: host.exists(module)
      ? "modprobe overlay; echo overlay >/etc/modules-load.d/overlay.conf"
      : "use a kernel with CONFIG_OVERLAY_FS",
  };
};
