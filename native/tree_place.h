/*
 * Where a tree operation happens. No component of a path may be a symbolic link, and ".." is refused: an archive
 * can neither leave its root nor use what it has unpacked before to do so.
 */
#ifndef GANTRY_TREE_PLACE_H
#define GANTRY_TREE_PLACE_H

#include <limits.h>

#include "failure.h"

/* The root and the directory that were used last stay open: most files of an archive follow each other in one. */
struct tree_places {
  int root;
  char root_path[PATH_MAX];
  int parent;
  char parent_path[PATH_MAX];
};

/* A name in a directory. The directory belongs to tree_places, and is good until the next call. */
struct tree_place {
  int parent;
  /* "." for the root itself. */
  char name[NAME_MAX + 1];
};

enum tree_missing { TREE_MAKE_PARENTS, TREE_MUST_EXIST };

#define TREE_PLACES_INITIAL {.root = -1, .parent = -1}

/* Opens the root directory. Returns its descriptor (which is not the caller's), or -1 with failure filled in. */
int tree_open_root(struct tree_places *places, const char *root, struct failure *failure);

/* Finds the directory that holds path, or makes it. Returns 0, or -1 with failure filled in. */
int tree_find(struct tree_places *places, const char *root, const char *path, enum tree_missing missing,
              struct tree_place *place, struct failure *failure);

/* To be called when a directory was removed or moved: what is open may not be what its path says any more. */
void tree_forget_parent(struct tree_places *places);

void tree_places_close(struct tree_places *places);

#endif
