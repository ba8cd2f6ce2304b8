#include "copy_entries.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "copy_links.h"
#include "copy_metadata.h"
#include "descriptor.h"
#include "kernel.h"

/* Where the copy is: what is to be told of a failure, and where a second name of a file is linked to. */
struct copy {
  int root;
  struct copy_links links;
  char path[PATH_MAX];
  struct failure *failure;
};

/* One entry of the directory being copied. */
struct entry {
  int source;
  int target;
  const char *name;
  struct stat status;
};

static int copy_directory(struct copy *copy, int source, int target);
static int copy_entry(struct copy *copy, struct entry *entry);
static int copy_subdirectory(struct copy *copy, const struct entry *entry);
static int copy_file(struct copy *copy, const struct entry *entry);
static int copy_content(int source, int target);
static int copy_link(const struct entry *entry);
static int copy_node(const struct entry *entry);

int copy_entries(int source, int target, struct failure *failure) {
  struct copy copy = {.root = target, .failure = failure};
  int result = copy_directory(&copy, source, target);
  copy_links_free(&copy.links);
  if (result == 0 && copy_metadata(source, target) < 0) {
    return fail(failure, errno, "/", "copying owner, mode and times");
  }
  return result;
}

static int copy_directory(struct copy *copy, int source, int target) {
  int listing = openat(source, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *directory = listing < 0 ? NULL : fdopendir(listing);
  if (!directory) return fail(copy->failure, errno, copy->path, "reading the directory");
  size_t length = strlen(copy->path);
  int result = 0;
  for (struct dirent *found; result == 0 && (found = readdir(directory));) {
    if (strcmp(found->d_name, ".") == 0 || strcmp(found->d_name, "..") == 0) continue;
    struct entry entry = {.source = source, .target = target, .name = found->d_name};
    int written = snprintf(copy->path + length, sizeof copy->path - length, "%s%s", length ? "/" : "", entry.name);
    if (written < 0 || (size_t)written >= sizeof copy->path - length) {
      result = fail(copy->failure, ENAMETOOLONG, entry.name, "copying");
    } else {
      result = copy_entry(copy, &entry);
    }
    copy->path[length] = 0;
  }
  closedir(directory);
  return result;
}

static int copy_entry(struct copy *copy, struct entry *entry) {
  int result;
  if (fstatat(entry->source, entry->name, &entry->status, AT_SYMLINK_NOFOLLOW) < 0) {
    return fail(copy->failure, errno, copy->path, "examining what is to be copied");
  }
  if (S_ISDIR(entry->status.st_mode)) return copy_subdirectory(copy, entry);
  if (unlinkat(entry->target, entry->name, 0) < 0 && errno != ENOENT) {
    return fail(copy->failure, errno, copy->path, "replacing an interrupted copy");
  }
  if (S_ISREG(entry->status.st_mode)) result = copy_file(copy, entry);
  else if (S_ISLNK(entry->status.st_mode)) result = copy_link(entry);
  else result = copy_node(entry);
  return result < 0 ? fail(copy->failure, errno, copy->path, "copying") : 0;
}

static int copy_subdirectory(struct copy *copy, const struct entry *entry) {
  OWNED_DESCRIPTOR source = openat(entry->source, entry->name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (source < 0) return fail(copy->failure, errno, copy->path, "opening the directory");
  if (mkdirat(entry->target, entry->name, 0700) < 0 && errno != EEXIST) {
    return fail(copy->failure, errno, copy->path, "making the directory");
  }
  OWNED_DESCRIPTOR target = openat(entry->target, entry->name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (target < 0) return fail(copy->failure, errno, copy->path, "opening the copied directory");
  if (copy_directory(copy, source, target) < 0) return -1;
  /* Last, since what is made within changes the time. */
  return copy_metadata(source, target) < 0 ? fail(copy->failure, errno, copy->path, "copying owner and mode") : 0;
}

static int copy_file(struct copy *copy, const struct entry *entry) {
  const char *first = copy_links_find(&copy->links, &entry->status);
  if (first) return linkat(copy->root, first, entry->target, entry->name, 0);
  OWNED_DESCRIPTOR source = openat(entry->source, entry->name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
  if (source < 0) return -1;
  OWNED_DESCRIPTOR target = openat(entry->target, entry->name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (target < 0 || copy_content(source, target) < 0 || copy_metadata(source, target) < 0) return -1;
  return copy_links_add(&copy->links, &entry->status, copy->path);
}

/* copy_file_range(2) shares blocks where the file system can; across file systems of other kinds it may refuse. */
static int copy_content(int source, int target) {
  static char buffer[64 * 1024];
  ssize_t length;
  while ((length = copy_file_range(source, NULL, target, NULL, 1U << 30, 0)) > 0) continue;
  if (length == 0) return 0;
  if (errno != EXDEV && errno != EINVAL && errno != EOPNOTSUPP && errno != ENOSYS) return -1;
  while ((length = read(source, buffer, sizeof buffer)) > 0) {
    for (ssize_t done = 0, written; done < length; done += written) {
      written = write(target, buffer + done, (size_t)(length - done));
      if (written < 0) return -1;
    }
  }
  return length < 0 ? -1 : 0;
}

static int copy_link(const struct entry *entry) {
  char text[PATH_MAX];
  ssize_t length = readlinkat(entry->source, entry->name, text, sizeof text - 1);
  if (length < 0) return -1;
  text[length] = 0;
  if (symlinkat(text, entry->target, entry->name) < 0) return -1;
  return copy_owner_and_times(entry->target, entry->name, &entry->status);
}

static int copy_node(const struct entry *entry) {
  if (mknodat(entry->target, entry->name, entry->status.st_mode & S_IFMT, entry->status.st_rdev) < 0 ||
      fchmodat(entry->target, entry->name, entry->status.st_mode & 07777, 0) < 0) {
    return -1;
  }
  return copy_owner_and_times(entry->target, entry->name, &entry->status);
}
