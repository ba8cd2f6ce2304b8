/** Cases in which we mean to differ from Docker Compose 2.40, and why. */
export const differences: Readonly<Record<string, string>> = {};
