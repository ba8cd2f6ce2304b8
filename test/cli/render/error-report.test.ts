import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { renderError } from "../../../src/cli/render/error-report.ts";
import { noPaint } from "../../../src/cli/render/paint.ts";
import { GantryError } from "../../../src/lib/diagnostic.ts";

describe("renderError", () => {
  it("tells what failed, why, the details and what to do, without a stack", () => {
    const error = new GantryError("dependency-unhealthy", "container shop-db-1 is unhealthy", {
      cause: new Error("pg_isready failed", { cause: new Error("connection refused") }),
      details: ["last probe: pg_isready", "", "exit code 2"],
      hint: "look at `gantry logs db`",
    });
    expect(renderError(error, noPaint, "/")).toBe(
      [
        "error: container shop-db-1 is unhealthy [dependency-unhealthy]",
        "  because: pg_isready failed",
        "  because: connection refused",
        "  last probe: pg_isready",
        "",
        "  exit code 2",
        "  hint: look at `gantry logs db`",
        "",
      ].join("\n"),
    );
  });

  it("does not repeat a cause that the message quotes", () => {
    const error = new GantryError("x", "cannot read a: no such file", { cause: new Error("no such file") });
    expect(renderError(error, noPaint, "/")).toBe("error: cannot read a: no such file [x]\n");
  });

  it("prints the diagnostics first", () => {
    const error = new GantryError("invalid-model", "the Compose file has a fault", {
      diagnostics: [{ severity: "error", code: "a", message: "first" }],
    });
    expect(renderError(error, noPaint, "/")).toBe(
      "error: first [a]\nerror: the Compose file has a fault [invalid-model]\n",
    );
  });

  it("shows a refusal of the kernel in one line", () => {
    const refuse = () => readFileSync("/nonexistent/file");
    expect(renderError(caught(refuse), noPaint, "/")).toBe(
      "error: ENOENT: no such file or directory, open '/nonexistent/file'\n",
    );
  });

  it("shows the stack of a defect of ours, and only then", () => {
    expect(renderError(new TypeError("x is not a function"), noPaint, "/")).toContain("error-report.test.ts");
  });
});

function caught(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}
