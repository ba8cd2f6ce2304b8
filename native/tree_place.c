#include "tree_place.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "descriptor.h"
#include "kernel.h"

static const char *check_path(const char *path, int *error);
static int open_parent(struct tree_places *places, const char *path, size_t length, enum tree_missing missing);
static int open_beneath(int root, const char *path);
static int make_parents(int root, const char *path);

int tree_open_root(struct tree_places *places, const char *root, struct failure *failure) {
  if (places->root >= 0 && strcmp(places->root_path, root) == 0) return places->root;
  if (strlen(root) >= sizeof places->root_path) return fail(failure, ENAMETOOLONG, root, "opening the root");
  tree_places_close(places);
  int fd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return fail(failure, errno, root, "opening the root");
  strcpy(places->root_path, root);
  places->root = fd;
  return fd;
}

int tree_find(struct tree_places *places, const char *root, const char *path, enum tree_missing missing,
              struct tree_place *place, struct failure *failure) {
  int error;
  const char *refusal = check_path(path, &error);
  if (refusal) return fail(failure, error, path, "%s", refusal);
  if (tree_open_root(places, root, failure) < 0) return -1;
  size_t end = strlen(path);
  while (end > 0 && path[end - 1] == '/') end--;
  size_t start = end;
  while (start > 0 && path[start - 1] != '/') start--;
  size_t length = end - start;
  if (length > NAME_MAX) return fail(failure, ENAMETOOLONG, path, "the name is too long");
  memcpy(place->name, length > 0 ? path + start : ".", length > 0 ? length : 1);
  place->name[length > 0 ? length : 1] = 0;
  place->parent = open_parent(places, path, start, missing);
  return place->parent < 0 ? fail(failure, errno, path, "opening the directory it is in") : 0;
}

void tree_forget_parent(struct tree_places *places) {
  if (places->parent >= 0) close(places->parent);
  places->parent = -1;
}

void tree_places_close(struct tree_places *places) {
  tree_forget_parent(places);
  if (places->root >= 0) close(places->root);
  places->root = -1;
}

/* A last component "." is only good for the root itself. */
static const char *check_path(const char *path, int *error) {
  *error = EXDEV;
  if (path[0] == '/') return "the path is absolute";
  *error = ENAMETOOLONG;
  if (strlen(path) >= PATH_MAX) return "the path is too long";
  for (const char *component = path; *component;) {
    size_t length = strcspn(component, "/");
    *error = EXDEV;
    if (length == 2 && strncmp(component, "..", 2) == 0) return "the path leads upwards";
    component += length;
    component += strspn(component, "/");
  }
  return NULL;
}

static int open_parent(struct tree_places *places, const char *path, size_t length, enum tree_missing missing) {
  while (length > 0 && path[length - 1] == '/') length--;
  if (length == 0) return places->root;
  if (places->parent >= 0 && strncmp(places->parent_path, path, length) == 0 && !places->parent_path[length]) {
    return places->parent;
  }
  tree_forget_parent(places);
  memcpy(places->parent_path, path, length);
  places->parent_path[length] = 0;
  places->parent = open_beneath(places->root, places->parent_path);
  if (places->parent < 0 && errno == ENOENT && missing == TREE_MAKE_PARENTS) {
    places->parent = make_parents(places->root, places->parent_path);
  }
  return places->parent;
}

static int open_beneath(int root, const char *path) {
  return kernel_openat2(root, path, O_PATH | O_DIRECTORY, 0, RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS);
}

/* Opens component after component, making those that are missing. */
static int make_parents(int root, const char *path) {
  char component[NAME_MAX + 1];
  int current = openat(root, ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
  while (current >= 0 && *path) {
    size_t length = strcspn(path, "/");
    if (length > NAME_MAX) {
      close(current);
      errno = ENAMETOOLONG;
      return -1;
    }
    memcpy(component, path, length);
    component[length] = 0;
    path += length;
    path += strspn(path, "/");
    OWNED_DESCRIPTOR before = current;
    if (mkdirat(before, component, 0755) < 0 && errno != EEXIST) return -1;
    current = open_beneath(before, component);
  }
  return current;
}
