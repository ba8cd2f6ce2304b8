import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { FileServer } from "../../support/file-server.ts";
import { Stack } from "../../support/stack.ts";
import { asTestUser, testUser } from "../../support/test-user.ts";

/** A project whose context has some directories. */
async function project(compose: string): Promise<Stack> {
  const stack = await Stack.create({ "compose.yaml": compose, token: "sekrit" });
  for (const path of ["context/a/b", "context/c", "other"]) {
    mkdirSync(join(stack.directory, path), { recursive: true });
  }
  stack.write({
    "context/a/b/one.txt": "1\n",
    "context/a/two.txt": "2\n",
    "context/c/three.log": "3\n",
    "other/o.txt": "from the other\n",
  });
  return stack;
}

/** What the programs of a build printed, step by step: steps run side by side. */
function outputOf(stderr: string): string {
  const lines = [...stderr.matchAll(/^#(\d+) [\d.]+ (.*)$/gm)];
  const steps = lines.sort(([, one], [, other]) => Number(one) - Number(other));
  return steps.map(([, , text]) => `${text}\n`).join("");
}

const SETTINGS = `
services:
  base:
    build:
      context: ./context
      dockerfile_inline: |
        FROM busybox
        RUN echo base > /base
        ONBUILD COPY a/two.txt /triggered
        ONBUILD RUN echo by trigger > /ran
  derived:
    build:
      context: ./context
      additional_contexts: { below: "service:base", other: ./other, image: "docker-image://busybox" }
      dockerfile_inline: |
        FROM below
        COPY --from=other o.txt /other
        COPY --from=image /etc/passwd /accounts
        RUN --mount=from=other,target=/m cat /m/o.txt /triggered /ran /base; test -s /accounts
  files:
    build:
      context: service:base
      dockerfile_inline: |
        FROM busybox
        COPY base /copied
        RUN --mount=target=/all cat /copied /all/base
  run:
    build:
      context: ./context
      network: host
      shm_size: 32m
      ulimits: { nofile: { soft: 100, hard: 200 } }
      extra_hosts: ["one:10.1.2.3"]
      entitlements: [security.insecure]
      secrets: [token, { source: token, target: second }]
      labels: { made: here }
      tags: ["more:1"]
      dockerfile_inline: |
        FROM busybox
        RUN df -k /dev/shm | awk 'END { print "shm", $$2 }'; echo files $$(ulimit -n) $$(ulimit -Hn); grep one /etc/hosts
        RUN --security=insecure mkdir /m && mount -t tmpfs x /m && echo mounted
        RUN --network=none echo net $$(ls /sys/class/net)
        RUN --mount=type=secret,id=token,env=TOKEN,required=true echo length $\${#TOKEN}
        RUN --mount=type=secret,id=second,target=/etc/second,uid=5,mode=0440 ls -ln /etc/second
  privileged:
    build:
      context: ./context
      privileged: true
      dockerfile_inline: |
        FROM busybox
        RUN mkdir /m && mount -t tmpfs x /m && echo privileged
secrets: { token: { file: ./token } }
`;

it("what build: says of contexts, and of how programs run, is done", async () => {
  await using stack = await project(SETTINGS);
  const { code, stderr } = await stack.run(["--progress", "plain", "build"]);
  const output = outputOf(stderr);
  expect(code, stderr).toBe(0);
  expect(stderr).toMatch(/\[derived 3\/6\] RUN echo by trigger/);
  expect(output).toContain("from the other\n2\nby trigger\nbase\n");
  expect(output).toContain("base\nbase\n");
  expect(output).toMatch(/^shm 32768\nfiles 100 200\n10.1.2.3\tone$/m);
  expect(output).toMatch(/^mounted$/m);
  expect(output).toMatch(/^net lo$/m);
  expect(output).toMatch(/^length 6$/m);
  expect(output).toMatch(/^-r--r----- +1 5 +0 +6 /m);
  expect(output).toMatch(/^privileged$/m);
  expect(stderr).not.toContain("sekrit");
  const [inspected] = JSON.parse(await stack.succeed(["image", "inspect", "more:1"]));
  expect(inspected.Config.Labels).toMatchObject({ made: "here", "com.docker.compose.service": "run" });

  const printed = JSON.parse(await stack.succeed(["build", "--print", "derived", "run"]));
  expect(printed.group.default.targets).toEqual(["derived", "run"]);
  expect(printed.target.derived.contexts).toMatchObject({
    below: "target:base",
    image: "docker-image://busybox",
  });
  expect(printed.target.run).toMatchObject({
    entitlements: ["security.insecure", "network.host"],
    ulimits: ["nofile=100:200"],
    secret: [
      `id=token,type=file,src=${join(stack.directory, "token")}`,
      expect.stringContaining("id=second"),
    ],
  });

  stack.write({
    "compose.yaml": "services: { web: { build: { context: ., network: back } } }\nnetworks: { back: {} }",
  });
  stack.write({ Dockerfile: "FROM busybox\n" });
  expect((await stack.run(["build"])).stderr).toMatch(
    /cannot use the network "back".*default, none or host/s,
  );
  stack.write({ Dockerfile: "FROM busybox\nRUN --security=insecure true\n" });
  const refused = await stack.run(["build", "."]);
  expect(refused.stderr).toMatch(/Dockerfile:2:1: .*not entitled to security.insecure/);
});

it("COPY and ADD take what they are told to, and repositories and files from afar", async () => {
  await using stack = await project("services: {}");
  const place = mkdtempSync(join(tmpdir(), "gantry-git-"));
  const git = (...args: string[]) =>
    execFileSync("git", ["-C", place, "-c", "user.name=ada", "-c", "user.email=ada@example.org", ...args]);
  try {
    execFileSync("git", ["init", "-q", "-b", "main", place]);
    mkdirSync(join(place, "sub"));
    execFileSync("sh", ["-c", "echo tracked > f.txt; echo below > sub/s.txt"], { cwd: place });
    git("add", ".");
    git("commit", "-q", "-m", "first");
    execFileSync("git", ["clone", "-q", "--bare", place, join(place, "it.git")]);
    execFileSync("git", ["-C", join(place, "it.git"), "update-server-info"]);
    await using server = await FileServer.start(place);
    const sum = createHash("sha256").update("tracked\n").digest("hex");
    const repository = `${server.address}/it.git`;
    stack.write({
      Dockerfile: `FROM busybox
COPY --parents a/./b c/*.log /parents/
COPY --exclude=*.log --exclude=b a c /exclude/
COPY --link --chown=1000:1000 --chmod=u=rw,go=r a/two.txt /linked/two
ADD ${repository} /repository
ADD ${repository}#main:sub /sub/
ADD --checksum=sha256:${sum} --chmod=640 ${server.address}/f.txt /file
RUN find /parents /exclude /linked /repository /sub /file -type f -exec stat -c '%n %a %u' {} + | sort
`,
    });
    const { code, stderr } = await stack.run([
      "--progress",
      "plain",
      "build",
      "./context",
      "-f",
      "Dockerfile",
    ]);
    expect(code, stderr).toBe(0);
    expect(outputOf(stderr)).toContain(
      [
        "/exclude/two.txt 644 0",
        "/file 640 0",
        "/linked/two 644 1000",
        "/parents/b/one.txt 644 0",
        "/parents/c/three.log 644 0",
        "/repository/f.txt 644 0",
        "/repository/sub/s.txt 644 0",
        "/sub/s.txt 644 0",
      ].join("\n"),
    );
    stack.write({
      Dockerfile: `FROM busybox\nADD --checksum=sha256:${"0".repeat(64)} ${server.address}/f.txt /\n`,
    });
    expect((await stack.run(["build", "."])).stderr).toMatch(/Dockerfile:2:1: .*has the digest sha256/);
    stack.write({ Dockerfile: `FROM busybox\nADD ${server.address}/missing /\n` });
    expect((await stack.run(["build", "."])).stderr).toMatch(/Dockerfile:2:1: .*answers 404/);

    // A repository as the context, with a Dockerfile of our own.
    stack.write({ Dockerfile: "FROM busybox\nCOPY s.txt /\nRUN cat /s.txt\n" });
    const dockerfile = join(stack.directory, "Dockerfile");
    const fromGit = ["--progress", "plain", "build", `${repository}#main:sub`, "-f", "-"];
    const built = await stack.run(fromGit, { input: execFileSync("cat", [dockerfile]) });
    expect(outputOf(built.stderr)).toMatch(/^below$/m);
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
});

it("mounts of RUN: caches that begin with something, agents, limits", async () => {
  await using stack = await project("services: {}");
  const place = asTestUser(() => mkdtempSync(join(tmpdir(), "gantry-agent-")));
  const owner = testUser && { uid: testUser.uid, gid: testUser.gid };
  const [key, socket] = [join(place, "key"), join(place, "agent")];
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key], { ...owner });
  const agent = spawn("ssh-agent", ["-D", "-a", socket], { stdio: ["ignore", "pipe", "ignore"], ...owner });
  await once(agent.stdout, "data");
  try {
    stack.write({
      Dockerfile: `FROM busybox AS seed
RUN mkdir /s && echo seed > /s/f && chown -R 1000:1000 /s
FROM busybox
RUN --mount=type=cache,id=filled,target=/c,from=seed,source=/s stat -c '%u %n' /c; cat /c/f; echo more >> /c/f
RUN --mount=type=cache,id=filled,target=/c,from=seed,source=/s,sharing=private echo again $(cat /c/f)
RUN --mount=type=cache,id=own,target=/c,uid=1000,mode=0700 stat -c '%u %a' /c
RUN --mount=type=cache,id=own,target=/c,ro touch /c/x || echo not written
RUN --mount=type=ssh,uid=7,mode=0666 test -S $SSH_AUTH_SOCK && stat -c 'door %u %a' $SSH_AUTH_SOCK
RUN --mount=type=ssh,id=keys,target=/k,required=true test -S /k && echo keys
RUN head -c 100m /dev/zero | tail -c 80m > /dev/null; echo limited
`,
    });
    const environment = { SSH_AUTH_SOCK: socket };
    const args = ["build", ".", "--ssh", "default", "--ssh", `keys=${key}`, "-m", "32m"];
    const { code, stderr } = await stack.run(["--progress", "plain", ...args], { environment });
    expect(code, stderr).toBe(0);
    const output = outputOf(stderr);
    expect(output).toContain("1000 /c\nseed\n");
    expect(output).toMatch(/^again seed more$/m);
    expect(output).toMatch(/^1000 700$/m);
    expect(output).toMatch(/^not written$/m);
    expect(output).toMatch(/^door 7 666$/m);
    expect(output).toMatch(/^keys$/m);
    // A user without cgroups has no limit of memory for builds either.
    if (!testUser) expect(output).toMatch(/^Killed$/m);
    const without = await stack.run(["build", ".", "--no-cache", "--ssh", "default"], { environment });
    expect(without.stderr).toMatch(/Dockerfile:9:1: .*needs the SSH agent "keys"/);
    const nothing = await stack.run(["build", ".", "--ssh", "default=/nothing"]);
    expect(nothing.stderr).toContain('there is no /nothing for the SSH agent "default"');
  } finally {
    agent.kill();
    rmSync(place, { recursive: true, force: true });
  }
});
