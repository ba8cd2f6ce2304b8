/* Keeping the helper's binary out of containers' reach. */
#ifndef GANTRY_PROTECT_H
#define GANTRY_PROTECT_H

/*
 * Returns once this process executes the helper from a read-only mount; executes it anew, with that subcommand,
 * when it does not yet.
 */
void protect_executable(char *subcommand);

#endif
