/* gantry-shim init: the reaper as a program of its own, for containers that another OCI runtime makes. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "program.h"
#include "reaper.h"
#include "subcommands.h"

#define EXIT_NOT_EXECUTABLE 126
#define EXIT_NOT_FOUND 127

int init_main(char **program, int count) {
  struct failure failure = {0};
  pid_t reaper;
  uint32_t variables = 0;
  while (environ[variables]) variables++;
  struct op_exec exec = {.argv = {.items = program, .count = (uint32_t)count},
                         .env = {.items = environ, .count = variables}};
  if (reaper_stay(-1, &reaper, &failure) < 0) return EXIT_HELPER_FAILED;
  program_execute(&exec, &failure);
  fprintf(stderr, "%s: %s\n", program[0], strerror(failure.error));
  return failure.error == ENOENT ? EXIT_NOT_FOUND : EXIT_NOT_EXECUTABLE;
}
