/** Code of the error that means: ask the next supervisor. */
export const SUPERVISOR_LOST = "supervisor-lost";
