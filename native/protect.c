#include "protect.h"

#include <sys/prctl.h>
#include <sys/statvfs.h>

#include "descriptor.h"
#include "kernel.h"
#include "mounts.h"

/*
 * A process of a container can make the helper execute itself in there (an image whose program is a link to
 * /proc/self/exe) and, holding /proc/<pid>/exe, open the host's file for writing later: CVE-2019-5736. So the helper
 * runs from a read-only clone of the mount that holds its file. The clone is attached nowhere, so that nobody can
 * remount it, and lives as long as the process. Against a sealed copy in memory (memfd_create(2)) it shares the
 * page cache: a hundred monitors have one copy of the text. Where the mount cannot be cloned (no privileges,
 * so no containers either) the helper goes on as it is.
 *
 * Not dumpable: no process of a container it enters may trace it or open its /proc/<pid>/fd.
 */
void protect_executable(char *subcommand) {
  static char name[] = "gantry-shim";
  char *const argv[] = {name, subcommand, NULL};
  struct statvfs status;
  prctl(PR_SET_NAME, name, 0, 0, 0);
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  if (statvfs("/proc/self/exe", &status) < 0 || (status.f_flag & ST_RDONLY)) return;
  OWNED_DESCRIPTOR clone = kernel_open_tree(AT_FDCWD, "/proc/self/exe", OPEN_TREE_CLONE);
  if (clone < 0 || mount_set_attributes(clone, MOUNT_ATTR_RDONLY, 0, false) < 0) return;
  syscall(SYS_execveat, clone, "", argv, environ, AT_EMPTY_PATH);
}
