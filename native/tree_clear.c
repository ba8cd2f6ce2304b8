/* Removing whole trees. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "tree_operations.h"

static int clear_directory(int parent, const char *name);

int tree_clear(int parent, const char *name) {
  /* The root itself stays, whatever a stream asks for. */
  if (strcmp(name, ".") == 0) {
    errno = EISDIR;
    return -1;
  }
  if (unlinkat(parent, name, 0) == 0 || errno == ENOENT) return 0;
  if (errno != EISDIR && errno != EPERM) return -1;
  if (clear_directory(parent, name) < 0 && errno != ENOENT) return -1;
  return unlinkat(parent, name, AT_REMOVEDIR) < 0 && errno != ENOENT ? -1 : 0;
}

int tree_make_room(struct tree_places *places, const struct tree_place *place) {
  if (unlinkat(place->parent, place->name, 0) == 0 || errno == ENOENT) return 0;
  if (tree_clear(place->parent, place->name) < 0) return -1;
  /* The directory that is gone may be a remembered one, but never the one that held it. */
  if (places->parent != place->parent) tree_forget_parent(places);
  return 0;
}

static int clear_directory(int parent, const char *name) {
  int listing = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  DIR *directory = listing < 0 ? NULL : fdopendir(listing);
  if (!directory) return -1;
  int result = 0;
  for (struct dirent *entry; result == 0 && (entry = readdir(directory));) {
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
    result = tree_clear(listing, entry->d_name);
  }
  int error = errno;
  closedir(directory);
  errno = error;
  return result;
}
