/* The tree operations. Each returns 0, or -1 with failure filled in. */
#ifndef GANTRY_TREE_OPERATIONS_H
#define GANTRY_TREE_OPERATIONS_H

#include "plan.h"
#include "tree_place.h"
#include "tree_stream.h"

/* tree_make.c: what creates something, replacing what was there. */
int tree_make_directory(struct tree_places *places, const struct op_tree_dir *op, struct failure *failure);
int tree_make_symlink(struct tree_places *places, const struct op_tree_symlink *op, struct failure *failure);
int tree_make_hardlink(struct tree_places *places, const struct op_tree_hardlink *op, struct failure *failure);
int tree_make_node(struct tree_places *places, const struct op_tree_node *op, struct failure *failure);

/* tree_make_file.c: a file's content follows in the stream. */
int tree_make_file(struct tree_places *places, const struct op_tree_file *op, struct tree_stream *stream,
                   struct failure *failure);

/* tree_change.c: what changes something that is there. */
int tree_set_attribute(struct tree_places *places, const struct op_tree_xattr *op, struct failure *failure);
int tree_set_times(struct tree_places *places, const struct op_tree_times *op, struct failure *failure);
int tree_remove(struct tree_places *places, const struct op_tree_remove *op, struct failure *failure);
int tree_rename(struct tree_places *places, const struct op_tree_rename *op, struct failure *failure);
int tree_sync(struct tree_places *places, const struct op_tree_sync *op, struct failure *failure);

/* tree_enter.c: gives a directory in a running container the name by which the following operations call their root. */
int tree_enter(struct tree_places *places, const struct op_tree_enter *op, struct failure *failure);

/* tree_clear.c: removes name and all beneath it, whatever it is. Returns 0, also when it is missing, or -1 and errno. */
int tree_clear(int parent, const char *name);

/* tree_clear.c: the same for something that is in the way of a new entry; nothing remembered is stale afterwards. */
int tree_make_room(struct tree_places *places, const struct tree_place *place);

#endif
