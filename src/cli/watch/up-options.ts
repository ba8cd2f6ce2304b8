/** What `up` does in the background when nothing else is said. */
export const UP_OPTIONS = {
  recreate: true,
  deps: true,
  start: true,
  logPrefix: true,
  color: true,
  detach: true,
} as const;
