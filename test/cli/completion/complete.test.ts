import { expect, it } from "vitest";
import { complete, type Names } from "../../../src/cli/completion/complete.ts";
import { buildProgram } from "../../../src/cli/program.ts";

const program = buildProgram(
  async () => undefined,
  () => undefined,
);

const names: Names = {
  services: ({ file }) => (file ? ["other"] : ["db", "web"]),
  profiles: () => ["debug"],
  containers: () => ["shop-web-1"],
  images: () => ["busybox:latest"],
  networks: () => ["shared"],
  volumes: () => ["data"],
  projects: () => ["shop"],
};

function candidates(line: string): readonly string[] | "files" {
  const found = complete(program, line.split(" ").slice(1), names);
  return found === "files" ? found : found.words.map(({ word }) => word);
}

it.each([
  ["gantry logs ", ["db", "web"]],
  ["gantry logs -f db w", ["db", "web"]],
  ["gantry --profile x -f y.yaml logs ", ["other"]],
  ["gantry up --scale ", ["db=", "web="]],
  ["gantry scale ", ["db=", "web="]],
  ["gantry up --attach ", ["db", "web"]],
  ["gantry --profile ", ["debug"]],
  ["gantry -p ", ["shop"]],
  ["gantry --progress ", ["auto", "tty", "plain", "json", "quiet"]],
  ["gantry --progress=", ["auto", "tty", "plain", "json", "quiet"].map((kind) => `--progress=${kind}`)],
  ["gantry image rm ", ["busybox:latest"]],
  ["gantry network connect ", ["shared"]],
  ["gantry network connect shared ", ["shop-web-1"]],
  ["gantry volume rm ", ["data"]],
  ["gantry -f ", "files"],
  ["gantry exec web ", "files"],
  ["gantry doctor ", []],
])("after %s come what may stand there", (line, expected) => {
  expect(candidates(line)).toEqual(expected);
});

it("knows commands and their options, and nothing that is hidden", () => {
  expect(candidates("gantry ")).toContain("up");
  expect(candidates("gantry ")).not.toContain("__complete");
  expect(candidates("gantry down --")).toEqual(expect.arrayContaining(["--volumes", "--rmi", "--help"]));
  expect(candidates("gantry down -")).toContain("-v");
  expect(candidates("gantry build --")).not.toContain("--compress");
});
