const oncePerList = "an item that two files both give is kept once; Docker Compose refuses the files";

/** Cases in which we mean to differ from Docker Compose 2.40, and why. */
export const differences: Readonly<Record<string, string>> = {
  "refuse-merge-device-cgroup-rules-1": oncePerList,
  "refuse-merge-external-links-1": oncePerList,
  "refuse-merge-group-add-1":
    "an item that two files both give is harmless; Docker Compose refuses the files",
  "refuse-merge-security-opt-1": oncePerList,
  "service-pull-refresh-after": "pull_refresh_after is printed; Docker Compose loses it",
};
