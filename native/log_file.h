/* The files of a log: log, log.1 … */
#ifndef GANTRY_LOG_FILE_H
#define GANTRY_LOG_FILE_H

#include <stdint.h>

/* Opens the file to append to, and gives its size. Returns a descriptor, or -1 and errno. */
int log_file_open(const char *path, uint64_t *size);

/*
 * Moves every file one number up, so that there are at most `files` of them with the new one, which it opens.
 * Returns the descriptor to go on with: fd itself, and the old file, when no new one can be made.
 */
int log_file_rotate(const char *path, int fd, uint32_t files, uint64_t *size);

#endif
