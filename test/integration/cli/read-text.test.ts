import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readText } from "../../../src/cli/load/read-text.ts";

let directory = "";
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "read-text-"));
});
afterAll(() => rmSync(directory, { recursive: true }));

const file = (name: string, content: string | Buffer) => {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
};

describe("reading a file of the user's", () => {
  it("takes UTF-8, and UTF-16 with its byte order mark", () => {
    expect(readText(file("utf8", "ä: 1\n"))).toBe("ä: 1\n");
    const utf16 = Buffer.from("\uFEFFä: 1\n", "utf16le");
    expect(readText(file("utf16le", utf16))).toBe("ä: 1\n");
    expect(readText(file("utf16be", Buffer.from(utf16).swap16()))).toBe("ä: 1\n");
  });

  it("waits for a named pipe's writer, as password managers serve .env", () => {
    const pipe = join(directory, "pipe");
    execFileSync("mkfifo", [pipe]);
    spawn("sh", ["-c", 'sleep 0.2; echo A=1 > "$0"', pipe], { stdio: "ignore" });
    expect(readText(pipe)).toBe("A=1\n");
  });

  it("gives up on what has no end, and says why", () => {
    expect(() => readText("/dev/zero")).toThrow("larger than 16 MB");
    expect(() => readText(file("large", Buffer.alloc(17 * 1024 * 1024)))).toThrow("larger than 16 MB");
    expect(readText("/dev/null")).toBe("");
  });

  it("names what is no file by its code", () => {
    const loop = join(directory, "loop");
    symlinkSync(loop, loop);
    const code = (path: string) => {
      try {
        readText(path);
      } catch (error) {
        return (error as NodeJS.ErrnoException).code;
      }
      return undefined;
    };
    expect([directory, loop, join(directory, "none")].map(code)).toEqual(["EISDIR", "ELOOP", "ENOENT"]);
  });
});
