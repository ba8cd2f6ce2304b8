import { describe, expect, test } from "vitest";
import { resolveUser } from "../../../src/runtime/spec/user.ts";

const accounts = {
  passwd: "root:x:0:0:root:/root:/bin/sh\napp:x:1000:1000::/home/app:/bin/sh\n# comment\nbad:x:y:z::/:\n",
  group: "root:x:0:root\napp:x:1000:\nwheel:x:10:root,app\nvideo:x:44:app\n",
};
const resolve = (user: string, groups: string[] = [], given: Parameters<typeof resolveUser>[2] = accounts) =>
  resolveUser(user, groups, given);

describe("who a program runs as", () => {
  test.each([
    ["", { uid: 0, gid: 0, additionalGids: [0, 10], home: "/root" }],
    ["root", { uid: 0, gid: 0, additionalGids: [0, 10], home: "/root" }],
    ["app", { uid: 1000, gid: 1000, additionalGids: [10, 44], home: "/home/app" }],
    ["1000", { uid: 1000, gid: 1000, additionalGids: [10, 44], home: "/home/app" }],
    ["app:video", { uid: 1000, gid: 44, additionalGids: [], home: "/home/app" }],
    ["app:7", { uid: 1000, gid: 7, additionalGids: [], home: "/home/app" }],
    ["4242", { uid: 4242, gid: 0, additionalGids: [], home: "/" }],
    ["4242:4243", { uid: 4242, gid: 4243, additionalGids: [], home: "/" }],
    [":video", { uid: 0, gid: 44, additionalGids: [], home: "/root" }],
  ])("%s", (user, expected) => {
    expect(resolve(user)).toEqual(expected);
  });

  test("groups are added by name and number", () => {
    expect(resolve("app:app", ["video", "99", "99"]).additionalGids).toEqual([44, 99]);
  });

  test.each([
    ["nobody", [], 'no user "nobody" in the image\'s etc/passwd'],
    ["app:ghosts", [], 'no group "ghosts" in the image\'s etc/group'],
    ["app", ["ghosts"], 'no group "ghosts" in the image\'s etc/group'],
    ["4294967295", [], 'no user "4294967295"'],
    ["bad", [], 'no user "bad"'],
  ])("%s %j: an error that names it", (user, groups, message) => {
    expect(() => resolve(user, groups)).toThrowError(message);
  });

  test("an image without accounts has root and numbers", () => {
    const none = { passwd: undefined, group: undefined };
    expect(resolve("", [], none)).toEqual({ uid: 0, gid: 0, additionalGids: [], home: "/" });
    expect(resolve("5:6", [], none)).toMatchObject({ uid: 5, gid: 6 });
  });
});
