/* Facts about processes, from /proc. */
#ifndef GANTRY_PROCESS_H
#define GANTRY_PROCESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Start time of a process in clock ticks since boot (proc_pid_stat(5), field 22). Returns 0, or -1 and errno. */
int process_start_time(pid_t pid, uint64_t *start_time);

/* Whether there is no such process any more, or only a zombie, however long its parent lets it wait. */
bool process_has_ended(pid_t pid);

#endif
