/* gantry-shim: executes plans, decides nothing (docs/launch-plan.md). */
#include <stdio.h>
#include <string.h>

#include "plan.h"
#include "subcommands.h"

#ifndef GANTRY_VERSION
#error "GANTRY_VERSION comes from package.json through the Makefile"
#endif

static int version_main(void);

static const struct {
  const char *name;
  int (*run)(void);
} subcommands[] = {
    {"launch", launch_main}, {"launcher", launcher_main},     {"apply", apply_main},
    {"tree", tree_main},     {"attributes", attributes_main}, {"keeper", keeper_main},
    {"version", version_main},
};

int main(int argc, char **argv) {
  for (size_t i = 0; argc == 2 && i < sizeof subcommands / sizeof *subcommands; i++) {
    if (strcmp(argv[1], subcommands[i].name) == 0) return subcommands[i].run();
  }
  if (argc > 2 && strcmp(argv[1], "enter") == 0) return enter_main(argv + 2);
  if (argc > 2 && strcmp(argv[1], "init") == 0) return init_main(argv + 2, argc - 2);
  if (argc == 3 && strcmp(argv[1], "pause") == 0) return pause_main(argv[2]);
  if (argc == 4 && strcmp(argv[1], "await-exit") == 0) return await_exit_main(argv[2], argv[3]);
  fputs("usage: gantry-shim launch|launcher|apply|tree|attributes|keeper|version, with a plan (see docs/launch-plan.md)\n"
        "       gantry-shim enter|init PROGRAM [ARGUMENT...]\n",
        stderr);
  return EXIT_HELPER_FAILED;
}

static int version_main(void) {
  printf("gantry-shim %s, plan version %d\n", GANTRY_VERSION, PLAN_VERSION);
  return 0;
}
