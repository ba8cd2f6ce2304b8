/* gantry-shim attributes: the extended attributes of everything below the working directory. */
#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>

#include "failure.h"
#include "subcommands.h"

/* The kernel's limits of a list of names and of a value (xattr(7)). */
#define LONGEST_LIST 65536
#define LONGEST_VALUE 65536
#define OPEN_DIRECTORIES 64

static int visit(const char *path, const struct stat *status, int type, struct FTW *depth);
static int write_attribute(const char *path, const char *name);
static void write_field(const void *bytes, size_t length);

/* nftw(3) has no argument for its caller. */
static char names[LONGEST_LIST];
static char value[LONGEST_VALUE];

/*
 * Writes to standard output, for each attribute, three fields: path, name, value, each a u32 length and that many
 * bytes. No link is followed. Exits with 0 when everything was read and written.
 */
int attributes_main(void) {
  int result = nftw(".", visit, OPEN_DIRECTORIES, FTW_PHYS | FTW_MOUNT);
  if (result == 0 && fflush(stdout) == 0) return 0;
  perror("gantry-shim attributes");
  return EXIT_HELPER_FAILED;
}

static int visit(const char *path, const struct stat *status, int type, struct FTW *depth) {
  (void)status;
  (void)depth;
  if (type == FTW_DNR || type == FTW_NS) return -1;
  ssize_t length = llistxattr(path, names, sizeof names);
  /* File systems without extended attributes have none to tell of. */
  if (length < 0) return errno == ENOTSUP ? 0 : -1;
  for (const char *name = names; name < names + length; name += strlen(name) + 1) {
    if (write_attribute(path, name) < 0) return -1;
  }
  return 0;
}

static int write_attribute(const char *path, const char *name) {
  ssize_t length = lgetxattr(path, name, value, sizeof value);
  if (length < 0) return errno == ENODATA ? 0 : -1;
  write_field(path, strlen(path));
  write_field(name, strlen(name));
  write_field(value, (size_t)length);
  return ferror(stdout) ? -1 : 0;
}

static void write_field(const void *bytes, size_t length) {
  unsigned char count[4] = {(unsigned char)length, (unsigned char)(length >> 8), (unsigned char)(length >> 16),
                            (unsigned char)(length >> 24)};
  fwrite(count, 1, sizeof count, stdout);
  fwrite(bytes, 1, length, stdout);
}
