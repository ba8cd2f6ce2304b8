import { describe, expect, it } from "vitest";
import { chooseImage, lifetimeOf } from "../../../src/cli/images/image-choice.ts";

const HOUR = 3_600_000;
const image = { image: "shop" };
const both = { image: "shop", build: { context: "." } };

describe("what is done for an image", () => {
  it.each([
    ["missing", image, undefined, false, "pull"],
    ["there", image, undefined, true, "use"],
    ["there, always", image, "always", true, "pull"],
    ["missing, never", image, "never", false, "refuse"],
    ["there, never", image, "never", true, "use"],
    ["missing, to build", both, "build", false, "build"],
    ["missing, buildable", both, undefined, false, "pull"],
    ["missing, buildable, never", both, "never", false, "build"],
    ["without a name, missing", { build: { context: "." } }, "always", false, "build"],
    ["tagged two hours ago, daily", image, "daily", true, "use"],
    ["tagged two hours ago, every hour", image, "every_1h", true, "pull"],
    ["tagged two hours ago, every three", image, "every_2h60m", true, "use"],
  ] as const)("%s", (_name, service, policy, isStored, action) => {
    const now = 10 * HOUR;
    const asked = policy === undefined ? {} : { policy };
    expect(chooseImage({ service, ...asked, isStored, taggedAt: 8 * HOUR, now })).toMatchObject({ action });
    const inFile = chooseImage({
      service: { ...service, ...(policy ? { pull_policy: policy } : {}) },
      isStored,
      taggedAt: 8 * HOUR,
      now,
    });
    expect(inFile).toMatchObject({ action });
  });

  it("is told by policies that look at its age", () => {
    expect(lifetimeOf("weekly")).toBe(7 * 24 * HOUR);
    expect(lifetimeOf("every_1w2d3h")).toBe((9 * 24 + 3) * HOUR);
    expect(lifetimeOf("always")).toBeUndefined();
  });
});
