import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";
import { Stack } from "../../support/stack.ts";

const DOCKERFILE = `
FROM busybox AS builder
ARG WHO=world
WORKDIR /src
COPY --chown=1000:1000 src/ ./
RUN cat *.txt > all && echo "hello $WHO" >> all && ls -ln a.txt > owner
RUN <<EOF
rm /etc/group
rm -r /seed && mkdir /seed && echo new > /seed/new
EOF
FROM builder AS unused
RUN exit 9
FROM busybox
ENV WHERE=/app
COPY --from=builder /src/all /src/owner $WHERE/
COPY --from=builder /seed /fresh
COPY <<EOF /app/inline
where is $WHERE
EOF
RUN --mount=type=cache,target=/cache --mount=type=secret,id=token --mount=type=bind,source=src,target=/ctx \\
    echo x >> /cache/count; wc -l < /cache/count > /app/count; \\
    wc -c < /run/secrets/token > /app/secret; cat /ctx/a.txt > /app/bound
USER 1000
CMD cat /app/all
`;

const COMPOSE = `
services:
  web:
    build: { context: ., args: { WHO: gantry }, secrets: [token], tags: ["extra:1"] }
    command: sleep 1000
  twin:
    build: { context: ., args: { WHO: gantry }, secrets: [token] }
    command: sleep 1000
  top:
    build:
      context: .
      dockerfile_inline: |
        FROM base
        USER root
        RUN echo on top > /app/top
      additional_contexts: { base: "service:web" }
    command: sleep 1000
secrets: { token: { file: ./token } }
`;

async function project(compose: string, dockerfile: string): Promise<Stack> {
  const stack = await Stack.create({ "compose.yaml": compose, Dockerfile: dockerfile, token: "sekrit" });
  mkdirSync(join(stack.directory, "src"));
  const sources = { "src/a.txt": "alpha\n", "src/b.txt": "beta\n", "src/ignored.log": "no\n" };
  stack.write({ ...sources, ".dockerignore": "**/*.log\n" });
  return stack;
}

const leftBuilds = (stack: Stack) => readdirSync(join(stack.root, "builds"));

it("up builds what is missing, what several services share once, and runs it", async () => {
  await using stack = await project(COMPOSE, DOCKERFILE);
  const { code, stderr } = await stack.run(["--progress", "plain", "up", "-d", "-t", "0"]);
  expect(stderr).toMatch(/#\d+ \[(?:web|twin) builder 4\/5\] RUN cat/);
  expect(code).toBe(0);
  expect(stderr).not.toContain("exit 9");
  expect(stderr).not.toContain("sekrit");
  expect(await stack.inside("web", "cat", "/app/all", "/app/inline", "/app/bound")).toBe(
    "alpha\nbeta\nhello gantry\nwhere is /app\nalpha",
  );
  expect(await stack.inside("web", "cat", "/app/secret", "/app/count")).toBe("6\n1");
  expect(await stack.inside("web", "cat", "/app/owner")).toMatch(/1000 +1000 +6 /);
  expect(await stack.inside("web", "ls", "/fresh")).toBe("new");
  expect(await stack.inside("web", "id", "-u")).toBe("1000");
  expect(await stack.inside("top", "cat", "/app/top")).toBe("on top");
  expect(await stack.succeed(["image", "ls", "-q", "extra"])).toMatch(/^[0-9a-f]{12}\n$/);

  const again = await stack.run(["--progress", "plain", "build"]);
  expect(again.code).toBe(0);
  expect(again.stderr).not.toMatch(/RUN .*\n#\d+ DONE/);
  const ids = () => stack.succeed(["image", "ls", "-q", "--no-trunc", `${stack.project}-web`]);
  const before = await ids();
  execFileSync("touch", [join(stack.directory, "src/a.txt")]);
  await stack.succeed(["build", "-q"]);
  expect(await ids()).toBe(before);

  stack.write({ "src/a.txt": "changed\n" });
  await stack.succeed(["up", "-d", "--build", "-t", "0", "web"]);
  expect(await stack.inside("web", "cat", "/app/bound")).toBe("changed");
  expect(leftBuilds(stack)).toEqual([]);
});

it("a single image: what fails is shown at its place, and the same gives the same digest", async () => {
  await using stack = await project("services: {}", "FROM busybox\nRUN echo before; echo why >&2; exit 7\n");
  const failed = await stack.run(["build", "./"]);
  expect(failed.code).toBe(17);
  expect(failed.stderr).toContain("why");
  expect(failed.stderr).toMatch(/Dockerfile:2:1: .*exited with 7/);
  expect(failed.stderr).toContain("--debug-shell");

  stack.write({ Dockerfile: "FROM busybox\nRNU x\nCOPY --form=a b c\n" });
  const wrong = await stack.run(["build", "./", "--check"]);
  expect(wrong.stderr).toMatch(/Dockerfile:2:1: .*did you mean "RUN"/s);
  expect(wrong.stderr).toContain("Dockerfile:3:6:");

  stack.write({ Dockerfile: "FROM busybox\nCOPY nothing /\n" });
  const missing = await stack.run(["build", "."]);
  expect(missing.stderr).toMatch(/Dockerfile:2:1: .*"nothing" is not in the build context/);

  stack.write({ Dockerfile: "FROM scratch\nCOPY src/a.txt /\nADD one.tar /unpacked/\n" });
  execFileSync("tar", ["-C", stack.directory, "-cf", join(stack.directory, "one.tar"), "src/b.txt"]);
  const epoch = { environment: { SOURCE_DATE_EPOCH: "1700000000" } };
  const first = await stack.run(["build", ".", "-q", "-t", "single:1"], epoch);
  expect(first.stderr).toBe("");
  execFileSync("touch", [join(stack.directory, "src/a.txt")]);
  const second = await stack.run(["build", ".", "-q", "-t", "single:1", "--no-cache"], epoch);
  expect(second.stdout).toBe(first.stdout);

  // Links within an image lead nowhere on the host, neither what is copied nor where to.
  const outside = join(stack.directory, "outside");
  const hostile = [
    "FROM busybox AS hostile",
    `RUN ln -s /etc /inside && ln -s ../../../../../../../../${stack.directory} /up && ln -s ${outside} /link`,
    "COPY src/a.txt /inside/copied",
    "COPY src/a.txt /up/copied",
    "WORKDIR /up/made",
    "FROM busybox",
    "COPY --from=hostile /etc/copied /etc/",
    "COPY --from=hostile /link /stolen",
  ];
  stack.write({ outside: "secret of the host", Dockerfile: hostile.join("\n") });
  const refused = await stack.run(["build", "."]);
  expect(refused.stderr).toMatch(/Dockerfile:8:1: .*"\/link" is not in "hostile"/);
  expect(readdirSync(stack.directory)).not.toContain("copied");
  expect(readdirSync(stack.directory)).not.toContain("made");

  // A stage that fails ends those beside it.
  const stages = ["FROM busybox AS a", "RUN sleep 1000", "FROM busybox AS b", "RUN exit 3", "FROM busybox"];
  stack.write({ Dockerfile: [...stages, "COPY --from=a /etc /a", "COPY --from=b /etc /b"].join("\n") });
  expect((await stack.run(["build", "."])).stderr).toMatch(/Dockerfile:4:1: .*exited with 3/);

  // What one build exports another root takes; pruning leaves what images need.
  stack.write({ Dockerfile: "FROM busybox\nRUN date +%s%N > /made\n" });
  const cache = join(stack.directory, "../cache");
  const made = await stack.succeed(["build", ".", "-q", "--cache-to", `type=local,dest=${cache}`]);
  await stack.succeed(["image", "rm", made.trim()]);
  await stack.succeed(["builder", "prune"]);
  expect(await stack.succeed(["builder", "du"])).toContain("Total: 0B");
  const fromCache = await stack.succeed(["build", ".", "-q", "--cache-from", `type=local,src=${cache}`]);
  expect(fromCache).toBe(made);
  expect(await stack.succeed(["build", ".", "-q", "--no-cache"])).not.toBe(made);

  // Killed in the middle of a step: the next build sweeps.
  stack.write({ Dockerfile: "FROM busybox\nRUN --mount=type=secret,id=token echo started; sleep 1000\n" });
  const secret = ["--secret", "id=token,src=token"];
  const child = stack.spawn(["--progress", "plain", "build", ".", ...secret]);
  await new Promise<void>((resolve) => {
    child.stderr!.on("data", (chunk: Buffer) => /#\d+ \S+ started/.test(String(chunk)) && resolve());
  });
  const closed = new Promise((resolve) => child.once("close", resolve));
  child.kill("SIGKILL");
  await closed;
  stack.write({ Dockerfile: "FROM busybox\nRUN true\n" });
  await stack.succeed(["build", "."]);
  expect(leftBuilds(stack)).toEqual([]);
});

it("the example of a multi-stage build comes up and serves its page", async () => {
  await using stack = await Stack.create({});
  cpSync(resolve(import.meta.dirname, "../../../examples/multi-stage"), stack.directory, { recursive: true });
  const environment = { PORT: "21310", TITLE: "From the test" };
  const up = await stack.run(["up", "--wait"], { environment });
  expect(up.stderr).toContain("make-page.sh");
  expect(up.code).toBe(0);
  const page = await (await fetch("http://127.0.0.1:21310/")).text();
  expect(page).toContain("<h1>From the test</h1>");
  expect(page).toContain("Only the page itself");
  expect(await stack.inside("site", "ls", "/")).not.toContain("work");
});
