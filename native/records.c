#include "records.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "descriptor.h"
#include "process.h"

static int replace(const char *path, const char *text, size_t length, bool durable);
static int write_temporary(const char *path, const char *text, size_t length, bool durable);

int write_status_record(const char *path, pid_t pid, uint64_t started) {
  uint64_t start_time, monitor_start_time;
  char text[256];
  if (process_start_time(pid, &start_time) < 0 || process_start_time(getpid(), &monitor_start_time) < 0) return -1;
  int length = snprintf(text, sizeof text, "pid %d\nstart_time %llu\nmonitor_pid %d\nmonitor_start_time %llu\nstarted %llu\n",
                        (int)pid, (unsigned long long)start_time, (int)getpid(), (unsigned long long)monitor_start_time,
                        (unsigned long long)started);
  return replace(path, text, (size_t)length, false);
}

int write_keeper_record(const char *path, pid_t listener, pid_t supervisor, bool uplink_ready) {
  uint64_t start_time;
  char text[256];
  if (process_start_time(getpid(), &start_time) < 0) return -1;
  int length = snprintf(text, sizeof text, "pid %d\nstart_time %llu\nlistener_pid %d\nsupervisor_pid %d\nuplink_ready %d\n",
                        (int)getpid(), (unsigned long long)start_time, (int)listener, (int)supervisor, uplink_ready);
  return replace(path, text, (size_t)length, false);
}

int write_pause_record(const char *path, pid_t pid) {
  uint64_t start_time;
  char text[64];
  if (process_start_time(pid, &start_time) < 0) return -1;
  int length = snprintf(text, sizeof text, "pid %d\nstart_time %llu\n", (int)pid, (unsigned long long)start_time);
  return replace(path, text, (size_t)length, false);
}

int write_exit_record(const char *path, const struct exit_record *record) {
  char text[256];
  int length = snprintf(text, sizeof text, "code %d\nsignal %d\noom %d\nstarted %llu\nfinished %llu\n", record->code,
                        record->signal, record->oom, (unsigned long long)record->started,
                        (unsigned long long)record->finished);
  return replace(path, text, (size_t)length, true);
}

uint64_t unix_time(void) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static int replace(const char *path, const char *text, size_t length, bool durable) {
  char temporary[PATH_MAX];
  int written = snprintf(temporary, sizeof temporary, "%s.tmp", path);
  if (written < 0 || (size_t)written >= sizeof temporary) {
    errno = ENAMETOOLONG;
    return -1;
  }
  if (write_temporary(temporary, text, length, durable) < 0 || rename(temporary, path) < 0) return -1;
  return durable ? sync_directory_of(path) : 0;
}

static int write_temporary(const char *path, const char *text, size_t length, bool durable) {
  OWNED_DESCRIPTOR file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (file < 0) return -1;
  ssize_t written = write(file, text, length);
  if (written == (ssize_t)length) return durable ? fdatasync(file) : 0;
  if (written >= 0) errno = ENOSPC;
  return -1;
}

int sync_directory_of(const char *path) {
  char directory[PATH_MAX];
  snprintf(directory, sizeof directory, "%s", path);
  char *slash = strrchr(directory, '/');
  if (!slash) return 0;
  slash[1] = 0;
  OWNED_DESCRIPTOR fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  return fd < 0 ? -1 : fsync(fd);
}
