#include "rooted.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "descriptor.h"
#include "kernel.h"

/* As many dangling links as are followed to make what they point at; the kernel itself follows 40 links. */
#define MAXIMUM_LINKS 8

static int open_root(const char *root);
static int open_beneath(int root, const char *path, int flags);
static int make_directories(int root, const char *path, int links, bool *created);
static int make_one_directory(int root, int parent, const char *prefix, int links, bool *created);
static int follow_dangling_link(int root, int parent, const char *prefix, const char *name, int links);
static int close_keeping_errno(int fd, int result);

int rooted_open(const char *root, const char *path, int flags) {
  OWNED_DESCRIPTOR directory = open_root(root);
  return directory < 0 ? -1 : open_beneath(directory, path, flags);
}

int rooted_make_directory(const char *root, const char *path, bool *created) {
  bool ignored;
  if (!created) created = &ignored;
  *created = false;
  OWNED_DESCRIPTOR directory = open_root(root);
  if (directory < 0) return -1;
  int fd = open_beneath(directory, path, O_PATH | O_DIRECTORY);
  if (fd < 0 && errno == ENOENT) fd = make_directories(directory, path, MAXIMUM_LINKS, created);
  return fd;
}

int rooted_make_parent(const char *root, const char *path, char name[NAME_MAX + 1]) {
  char parent[PATH_MAX];
  size_t length = strlen(path);
  while (length > 0 && path[length - 1] == '/') length--;
  size_t start = length;
  while (start > 0 && path[start - 1] != '/') start--;
  size_t name_length = length - start;
  if (name_length == 0 || (name_length <= 2 && strncmp(path + start, "..", name_length) == 0)) {
    errno = EINVAL;
    return -1;
  }
  if (name_length > NAME_MAX || start >= sizeof parent) {
    errno = ENAMETOOLONG;
    return -1;
  }
  memcpy(name, path + start, name_length);
  name[name_length] = 0;
  memcpy(parent, path, start);
  parent[start] = 0;
  return rooted_make_directory(root, start > 0 ? parent : "/", NULL);
}

int rooted_make_file(const char *root, const char *path) {
  int fd = rooted_open(root, path, O_PATH);
  if (fd >= 0 || errno != ENOENT) return fd;
  char name[NAME_MAX + 1];
  OWNED_DESCRIPTOR parent = rooted_make_parent(root, path, name);
  if (parent < 0) return -1;
  fd = openat(parent, name, O_CREAT | O_EXCL | O_NOFOLLOW | O_WRONLY | O_CLOEXEC, 0644);
  if (fd >= 0) close(fd);
  if (fd >= 0 || errno == EEXIST) fd = openat(parent, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
  return fd;
}

static int open_root(const char *root) {
  return open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

/* EAGAIN: something was renamed on the way, so that the kernel could not tell whether ".." stayed beneath root. */
static int open_beneath(int root, const char *path, int flags) {
  const char *name = path[0] ? path : "/";
  int fd = -1;
  for (int attempt = 0; attempt < 100; attempt++) {
    fd = kernel_openat2(root, name, (uint64_t)flags, 0, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS);
    if (fd >= 0 || errno != EAGAIN) break;
  }
  return fd;
}

/* Opens ever longer prefixes of path from root, making the directories that are missing. */
static int make_directories(int root, const char *path, int links, bool *created) {
  char prefix[PATH_MAX];
  if (strlen(path) >= sizeof prefix) {
    errno = ENAMETOOLONG;
    return -1;
  }
  strcpy(prefix, path);
  int current = open_beneath(root, "/", O_PATH | O_DIRECTORY);
  char *end = prefix;
  while (current >= 0) {
    end += strspn(end, "/");
    if (!*end) break;
    end += strcspn(end, "/");
    char separator = *end;
    *end = 0;
    int next = open_beneath(root, prefix, O_PATH | O_DIRECTORY);
    *created = false;
    if (next < 0 && errno == ENOENT) next = make_one_directory(root, current, prefix, links, created);
    *end = separator;
    current = close_keeping_errno(current, next);
  }
  return current;
}

static int make_one_directory(int root, int parent, const char *prefix, int links, bool *created) {
  const char *slash = strrchr(prefix, '/');
  const char *name = slash ? slash + 1 : prefix;
  if (mkdirat(parent, name, 0755) == 0) {
    *created = true;
    return openat(parent, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  }
  return errno == EEXIST ? follow_dangling_link(root, parent, prefix, name, links) : -1;
}

/* /var/run -> /run in an image without /run: what the link points at is made, beneath root. */
static int follow_dangling_link(int root, int parent, const char *prefix, const char *name, int links) {
  char target[PATH_MAX], path[PATH_MAX];
  ssize_t length = readlinkat(parent, name, target, sizeof target - 1);
  if (length < 0) return open_beneath(root, prefix, O_PATH | O_DIRECTORY);
  target[length] = 0;
  if (links == 0) {
    errno = ELOOP;
    return -1;
  }
  int written = target[0] == '/' ? snprintf(path, sizeof path, "%s", target)
                                 : snprintf(path, sizeof path, "%.*s%s", (int)(name - prefix), prefix, target);
  if (written < 0 || (size_t)written >= sizeof path) {
    errno = ENAMETOOLONG;
    return -1;
  }
  bool ignored;
  return make_directories(root, path, links - 1, &ignored);
}

static int close_keeping_errno(int fd, int result) {
  int error = errno;
  close(fd);
  errno = error;
  return result;
}
