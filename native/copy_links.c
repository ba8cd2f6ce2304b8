#include "copy_links.h"

#include <stdlib.h>
#include <string.h>

const char *copy_links_find(const struct copy_links *links, const struct stat *status) {
  if (status->st_nlink < 2) return NULL;
  for (size_t i = 0; i < links->count; i++) {
    const struct copy_link *link = &links->links[i];
    if (link->device == status->st_dev && link->inode == status->st_ino) return link->path;
  }
  return NULL;
}

int copy_links_add(struct copy_links *links, const struct stat *status, const char *path) {
  if (status->st_nlink < 2) return 0;
  char *copy = strdup(path);
  struct copy_link *larger = copy ? realloc(links->links, (links->count + 1) * sizeof *larger) : NULL;
  if (!larger) {
    free(copy);
    return -1;
  }
  links->links = larger;
  links->links[links->count++] = (struct copy_link){status->st_dev, status->st_ino, copy};
  return 0;
}

void copy_links_free(struct copy_links *links) {
  for (size_t i = 0; i < links->count; i++) free(links->links[i].path);
  free(links->links);
  *links = (struct copy_links){0};
}
