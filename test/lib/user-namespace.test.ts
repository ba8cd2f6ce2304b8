import { describe, expect, it } from "vitest";
import { describeUserNamespace, rootlessUser } from "../../src/lib/user-namespace.ts";

describe("a user namespace", () => {
  it("is the host's own when every id is itself", () => {
    const whole = "         0          0 4294967295\n";
    expect(describeUserNamespace(whole, whole, "allow\n")).toMatchObject({
      isInitial: true,
      maySetGroups: true,
      highestGroup: 4_294_967_294,
    });
  });

  it("of a user with ranges has their ids, and root", () => {
    const map = "         0       1001          1\n         1     100000      65536\n";
    expect(describeUserNamespace(map, map, "allow\n")).toEqual({
      isInitial: false,
      ids: 65_537,
      highestGroup: 65_536,
      maySetGroups: true,
    });
  });

  it("without ranges has only root, and no groups to set", () => {
    const map = "0 1001 1\n";
    expect(describeUserNamespace(map, map, "deny\n")).toEqual({
      isInitial: false,
      ids: 1,
      highestGroup: 0,
      maySetGroups: false,
    });
  });

  it("is not believed to be a user's because a variable says so", () => {
    expect(rootlessUser({})).toBeUndefined();
    // These tests run outside of any.
    expect(rootlessUser({ GANTRY_ROOTLESS: "1000" })).toBeUndefined();
  });
});
