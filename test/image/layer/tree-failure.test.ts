import { describe, expect, it } from "vitest";
import { explainTreeFailure } from "../../../src/image/layer/tree-failure.ts";

describe("a failure of the helper", () => {
  it.each([
    ["failed tree_file ENOSPC 28 usr/x: writing", "disk-full", "usr/x: writing"],
    ["failed tree_dir EDQUOT 122 usr: creating", "disk-full", "usr"],
    ["failed tree_file ELOOP 40 a/b: opening", "archive-unsafe", "a symbolic link is in the way"],
    ["failed tree_file ENAMETOOLONG 36 x: opening", "archive-unsafe", "the name is too long"],
    ["failed tree_node EPERM 1 dev/x: creating", "layer-failed", "tree_node dev/x: creating (EPERM)"],
    ["failed plan EBADMSG 74 7: trailing bytes", "layer-failed", "EBADMSG"],
  ])("%s is %s", (status, code, message) => {
    expect(explainTreeFailure(status, null)).toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
  });

  it("without a status line says how it ended", () => {
    expect(explainTreeFailure("", "SIGKILL")).toMatchObject({
      code: "layer-failed",
      message: expect.stringContaining("by SIGKILL"),
    });
    expect(explainTreeFailure("", null).message).toContain("without saying why");
  });
});
