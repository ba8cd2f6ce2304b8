/* gantry-shim tree: a stream of file-tree operations, such as the layers of images. */
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "subcommands.h"
#include "tree_operations.h"

static int execute_all(struct tree_stream *stream, struct failure *failure);
static int execute(struct tree_places *places, const struct op *op, struct tree_stream *stream,
                   struct failure *failure);

int tree_main(void) {
  struct tree_stream stream;
  struct failure failure = {0};
  umask(0);
  int result = tree_stream_open(&stream, STDIN_FILENO, &failure);
  if (result == 0) result = execute_all(&stream, &failure);
  tree_stream_close(&stream);
  if (result < 0) write_failure(STDOUT_FILENO, &failure);
  else write_status(STDOUT_FILENO, "ok\n", 3);
  return result < 0 ? EXIT_HELPER_FAILED : 0;
}

static int execute_all(struct tree_stream *stream, struct failure *failure) {
  struct tree_places places = TREE_PLACES_INITIAL;
  struct op op;
  int result;
  while ((result = tree_stream_next(stream, &op, failure)) > 0) {
    failure->op = op_name(op.code);
    result = execute(&places, &op, stream, failure);
    if (result < 0) break;
  }
  tree_places_close(&places);
  return result;
}

static int execute(struct tree_places *places, const struct op *op, struct tree_stream *stream,
                   struct failure *failure) {
  switch ((unsigned)op->code) {
    case OP_TREE_DIR:
      return tree_make_directory(places, &op->tree_dir, failure);
    case OP_TREE_FILE:
      return tree_make_file(places, &op->tree_file, stream, failure);
    case OP_TREE_SYMLINK:
      return tree_make_symlink(places, &op->tree_symlink, failure);
    case OP_TREE_HARDLINK:
      return tree_make_hardlink(places, &op->tree_hardlink, failure);
    case OP_TREE_NODE:
      return tree_make_node(places, &op->tree_node, failure);
    case OP_TREE_XATTR:
      return tree_set_attribute(places, &op->tree_xattr, failure);
    case OP_TREE_TIMES:
      return tree_set_times(places, &op->tree_times, failure);
    case OP_TREE_REMOVE:
      return tree_remove(places, &op->tree_remove, failure);
    case OP_TREE_RENAME:
      return tree_rename(places, &op->tree_rename, failure);
    case OP_TREE_ENTER:
      return tree_enter(places, &op->tree_enter, failure);
    case OP_TREE_SYNC:
      return tree_sync(places, &op->tree_sync, failure);
    default:
      return fail(failure, ENOSYS, "-", "not a tree operation");
  }
}
