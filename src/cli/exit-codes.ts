/** A command line that cannot be understood (Docker Compose's). */
export const USAGE_EXIT_CODE = 16;

/** `plan`: something would change. */
export const CHANGES_EXIT_CODE = 2;

/** What a shell says of a program that SIGINT ended. */
export const INTERRUPTED_EXIT_CODE = 130;
