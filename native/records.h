/* What a monitor leaves on disk about its program. */
#ifndef GANTRY_RECORDS_H
#define GANTRY_RECORDS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct exit_record {
  /* 128+signal for a signal. */
  int code;
  int signal;
  bool oom;
  /* Unix time in nanoseconds. */
  uint64_t started;
  uint64_t finished;
};

/* The status file: which processes these are. Returns 0, or -1 and errno. */
int write_status_record(const char *path, pid_t pid, uint64_t started);

/* A keeper's status file; supervisor 0: it does not run. Returns 0, or -1 and errno. */
int write_keeper_record(const char *path, pid_t listener, pid_t supervisor, bool uplink_ready);

/* Which process keeps a user namespace findable. Returns 0, or -1 and errno. */
int write_pause_record(const char *path, pid_t pid);

/* The exit record, durably: once this returns, it survives a power cut. Returns 0, or -1 and errno. */
int write_exit_record(const char *path, const struct exit_record *record);

/* Makes the name of a new file durable: fsync(2) of the directory that holds path. Returns 0, or -1 and errno. */
int sync_directory_of(const char *path);

/* Unix time in nanoseconds. */
uint64_t unix_time(void);

#endif
