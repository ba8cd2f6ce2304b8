/* Files with several names: where the first of them was copied to. */
#ifndef GANTRY_COPY_LINKS_H
#define GANTRY_COPY_LINKS_H

#include <stddef.h>
#include <sys/stat.h>

struct copy_link {
  dev_t device;
  ino_t inode;
  char *path;
};

struct copy_links {
  struct copy_link *links;
  size_t count;
};

/* The path under which this file was copied already, or NULL. */
const char *copy_links_find(const struct copy_links *links, const struct stat *status);

/* Remembers the path, when the file has other names. Returns 0, or -1 and errno. */
int copy_links_add(struct copy_links *links, const struct stat *status, const char *path);

void copy_links_free(struct copy_links *links);

#endif
