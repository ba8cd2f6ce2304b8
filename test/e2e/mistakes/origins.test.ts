import { expect, it } from "vitest";
import { Stack } from "../../support/stack.ts";

it("explain, config --explain and graph answer from the files alone; reports are for people or programs", async () => {
  await using stack = await Stack.create({
    "compose.yaml": `services:
  web:
    image: "busybox:\${TAG}"
    depends_on: { db: { condition: service_healthy } }
  db:
    image: busybox
    healthcheck: { test: "true" }
`,
    "compose.override.yaml": "services:\n  db:\n    image: busybox:2\n",
    ".env": "TAG=1\n",
    "broken.yaml": "services:\n  web:\n    imagee: x\n",
  });
  const explained = await stack.run(["explain", "services.db.image", "services.web.image"]);
  expect(explained.stdout).toMatch(/set at\s+compose\.override\.yaml:3:12/);
  expect(explained.stdout).toMatch(/replaces\s+compose\.yaml:6:12/);
  expect(explained.stdout).toContain('TAG is "1" from .env:1:1');
  const annotated = await stack.run(["config", "--explain"]);
  expect(annotated.stdout).toMatch(
    /image: busybox:2 +# compose\.override\.yaml:3:12, over compose\.yaml:6:12/,
  );
  expect((await stack.run(["graph"])).stdout).toBe("1  db\n2  web  after db is healthy\n");
  expect(await stack.run(["explain", "services.db.imag"])).toMatchObject({
    code: 1,
    stdout: "",
    stderr: expect.stringContaining("did you mean image?"),
  });
  const broken = ["-f", "broken.yaml"];
  const forPrograms = await stack.run(["--diagnostics", "json", ...broken, "config", "-q"]);
  expect(forPrograms).toMatchObject({ code: 1, stdout: "" });
  const [first = ""] = forPrograms.stderr.split("\n");
  expect(JSON.parse(first)).toMatchObject({ code: "unknown-key", line: 3, column: 5 });
  const forGitHub = await stack.run(["--diagnostics", "github", ...broken, "config", "-q"]);
  expect(forGitHub.stderr).toContain("::error file=broken.yaml,line=3,col=5,");
  await stack.expectNothingLeft();
});
