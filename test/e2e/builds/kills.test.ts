import { readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, it } from "vitest";
import { DebianRegistry } from "../../support/debian-registry.ts";
import { Stack } from "../../support/stack.ts";

const KILLS = Number(process.env["GANTRY_FAULT_KILLS_BUILD"] ?? 8);

const DOCKERFILE = `FROM busybox AS one
RUN --mount=type=secret,id=token --mount=type=cache,target=/c,from=busybox,source=/seed for n in $(seq 1 300); do echo $n > /$n; done
FROM busybox
COPY --from=one / /all/
RUN --mount=type=cache,target=/c cat /all/300 > /made; echo x >> /c/count
`;

/** Kills a command after a while, or lets it end. */
async function killed(stack: Stack, args: readonly string[], milliseconds: number): Promise<void> {
  const child = stack.spawn(args);
  const closed = new Promise((resolve) => child.once("close", resolve));
  child.stdin!.end();
  for (const stream of [child.stdout!, child.stderr!]) stream.resume();
  await Promise.race([delay(milliseconds), closed]);
  child.kill("SIGKILL");
  await closed;
}

const unfinished = (stack: Stack) =>
  ["builds", "blobs/sha256", "layers", "build-caches"].flatMap((directory) =>
    namesIn(join(stack.root, directory)).filter((name) => name.startsWith(".")),
  );

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

it("a build or a pull that is killed at any moment is repaired by the next", async () => {
  await using registry = await DebianRegistry.start();
  const name = `${registry.host}/killed:1`;
  await using stack = await Stack.create({
    "compose.yaml": "services: { it: { image: made:1, network_mode: none } }",
    Dockerfile: DOCKERFILE,
    token: "sekrit",
  });
  const build = ["build", ".", "-q", "-t", "made:1", "--secret", "id=token,src=token"];
  const started = performance.now();
  await stack.succeed([...build, "--no-cache"]);
  const whole = performance.now() - started;
  await stack.succeed(["image", "tag", "made:1", name]);
  await stack.succeed(["image", "push", "-q", name]);
  for (let kill = 0; kill < KILLS; kill++) {
    const moment = (whole * (kill + 1)) / (KILLS + 1);
    await killed(stack, [...build, "--no-cache"], moment);
    await stack.succeed(build);
    expect(await stack.succeed(["run", "--rm", "-T", "it", "cat", "/made"]), `killed after ${moment}`).toBe(
      "300\n",
    );

    await stack.succeed(["image", "rm", "-f", name]);
    await killed(stack, ["image", "pull", "-q", name], moment / 2);
    await stack.succeed(["image", "pull", "-q", name]);
  }
  await stack.succeed(["image", "prune", "-f"]);
  expect(unfinished(stack)).toEqual([]);
  await stack.succeed(["image", "rm", "-f", "made:1", name, "busybox"]);
  await stack.succeed(["builder", "prune"]);
  // Nothing that images or the cache have had is left behind.
  expect(namesIn(join(stack.root, "layers"))).toEqual([]);
  expect(namesIn(join(stack.root, "blobs/sha256"))).toEqual([]);
});
