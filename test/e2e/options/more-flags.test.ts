import { expect, it } from "vitest";
import { Stack } from "../../support/stack.ts";

const FILE = `
services:
  web:
    image: busybox
    command: [sleep, "1000"]
    init: true
    volumes: [/cache]
    depends_on: [db]
    networks: { default: { aliases: [www] } }
  db: { image: busybox, command: [sleep, "1000"], init: true }
  built: { build: { dockerfile_inline: "FROM busybox\\nRUN touch /made" }, profiles: [build] }
volumes: { unused: {} }
`;

it("takes Docker Compose's rarer flags at their word", async () => {
  await using stack = await Stack.create({
    "compose.yaml": FILE,
    "more.env": "FROM_FILE=two words\nBOTH=file\n",
  });
  const { project } = stack;
  const idOf = async (service: string) => (await stack.succeed(["ps", "-q", service])).trim();
  await stack.succeed(["up", "-d"]);
  await stack.inside("web", "touch", "/cache/kept");

  // A recreate keeps anonymous volumes, and what the named service depends on, unless told otherwise.
  const db = await idOf("db");
  await stack.succeed(["up", "-d", "--force-recreate", "web"]);
  expect(await stack.inside("web", "ls", "/cache")).toBe("kept");
  expect(await idOf("db")).toBe(db);
  await stack.succeed(["up", "-d", "--force-recreate", "--always-recreate-deps", "-V", "web"]);
  expect(await stack.inside("web", "ls", "/cache")).toBe("");
  expect(await idOf("db")).not.toBe(db);

  const look = "echo $FROM_FILE $BOTH; grep CapEff /proc/self/status; nslookup www | grep -c ^Name:";
  const flags = [
    "--env-from-file",
    "more.env",
    "-e",
    "BOTH=flag",
    "--cap-drop",
    "ALL",
    "--cap-add",
    "NET_RAW",
  ];
  const asIt = await stack.run(["run", "--rm", "-q", "--use-aliases", ...flags, "web", "sh", "-c", look]);
  const [variables, capabilities, addresses] = asIt.stdout.split("\n");
  expect(variables).toBe("two words flag");
  expect(capabilities).toMatch(/0{12}2000$/);
  // The service's own container and this one.
  expect(addresses).toBe("2");
  expect(asIt.stderr).toBe("");

  await stack.succeed(["--compatibility", "up", "-d", "--scale", "web=2"]);
  expect((await stack.ps("web")).map((row) => row["Name"])).toEqual([`${project}-web-1`, `${project}_web_2`]);

  // A dry run, before or after the command's name, changes nothing.
  const before = await stack.succeed(["ps", "-q", "-a"]);
  const planned = [
    [["stop", "--dry-run", "db"], `1. stop container ${project}-db-1: a stop was asked for\n`],
    [["kill", "-s", "HUP", "--dry-run", "db"], `1. send HUP to container ${project}-db-1\n`],
    [["--dry-run", "exec", "db", "ls", "-l"], `run ls -l in container ${project}-db-1\n`],
    [["--dry-run", "pull", "db"], "pull image busybox\n"],
    [["scale", "--dry-run", "web=1"], `remove container ${project}_web_2`],
    [["run", "--dry-run", "--name", "once", "web"], "run container once\n"],
    [["down", "--dry-run", "--rmi", "all"], "remove image busybox\n"],
  ] as const;
  for (const [command, line] of planned) expect(await stack.succeed(command)).toContain(line);
  expect(await stack.succeed(["ps", "-q", "-a"])).toBe(before);

  await stack.succeed(["--all-resources", "up", "-d"]);
  expect(await stack.succeed(["volumes", "-q"])).toBe(`${project}_unused\n`);

  await stack.succeed(["--profile", "build", "build", "--builder", "other"]);
  const down = await stack.run(["--profile", "build", "down", "-t", "0", "--rmi", "local"]);
  expect(down.stderr).toContain(` Image ${project}-built  Removed`);
  expect(await stack.succeed(["image", "ls", "-q"])).toMatch(/^\S+\n$/);
});
