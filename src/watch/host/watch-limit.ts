import { readIfPresent } from "../../lib/status-file.ts";

/** By error: the limit of the kernel that was reached. */
const LIMITS: Readonly<Record<string, { readonly name: string; readonly of: string }>> = {
  ENOSPC: { name: "max_user_watches", of: "watches" },
  EMFILE: { name: "max_user_instances", of: "watchers" },
};

/** Says why a directory cannot be watched, what is done instead, and which setting would help. */
export function watchLimit(
  path: string,
  { code, message }: NodeJS.ErrnoException,
): { readonly message: string; readonly hint?: string } {
  const limit = LIMITS[code ?? ""];
  if (!limit) {
    return {
      message: `${path} cannot be watched as a whole: ${message}; it is looked at every second instead`,
    };
  }
  const setting = `fs.inotify.${limit.name}`;
  const now = Number(readIfPresent(`/proc/sys/fs/inotify/${limit.name}`) ?? 0);
  return {
    message: `the kernel's limit of inotify ${limit.of} is reached (${setting} = ${now}): ${path} is looked at every second instead`,
    hint: `as root: sysctl -w ${setting}=${now * 4}; to keep it: echo ${setting}=${now * 4} > /etc/sysctl.d/60-inotify.conf`,
  };
}
