import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { expect, it } from "vitest";
import { DebianRegistry } from "../../support/debian-registry.ts";
import { Podman } from "../../support/podman.ts";
import { Stack } from "../../support/stack.ts";

const insecure = ["--src-tls-verify=false", "--dest-tls-verify=false"];
const skopeo = (...args: string[]) => execFileSync("skopeo", args, { encoding: "utf8" });
const copy = (from: string, to: string, ...flags: string[]) =>
  skopeo("copy", "-q", ...flags, ...insecure, from, to);
const configurationAt = (name: string) =>
  skopeo("inspect", "--raw", "--config", ...["--tls-verify=false"], name);
const manifestAt = (name: string) => skopeo("inspect", "--raw", "--tls-verify=false", name);
const sha256 = (text: string) => `sha256:${createHash("sha256").update(text).digest("hex")}`;

const DOCKERFILE = `FROM busybox
RUN --mount=type=cache,target=/c mkdir /made && echo here > /made/file && ln -s file /made/link && rm /seed/inner/file
COPY --chown=1000:1000 Dockerfile /made/
ENV A=b
HEALTHCHECK --interval=5s CMD true
ENTRYPOINT ["cat"]
CMD ["/made/link"]
`;

it("what is built goes to podman and skopeo and comes back, byte for byte", async () => {
  await using registry = await DebianRegistry.start();
  await using stack = await Stack.create({ "compose.yaml": "services: {}", Dockerfile: DOCKERFILE });
  using podman = new Podman();
  const at = (path: string) => join(stack.directory, path);
  const id = (await stack.succeed(["build", ".", "-q", "-t", "made:1"])).trim();
  const idOf = async (name: string) =>
    (await stack.succeed(["image", "ls", "-q", "--no-trunc", name])).trim();
  const forget = async () => void (await stack.succeed(["image", "rm", "-f", id]));

  // To a registry: what was told when pushing is what is there, and podman takes it.
  const name = `${registry.host}/made:1`;
  await stack.succeed(["image", "tag", "made:1", name]);
  const digest = /sha256:[0-9a-f]{64}/.exec(await stack.succeed(["image", "push", name]))![0];
  expect(sha256(manifestAt(`docker://${name}`))).toBe(digest);
  expect(sha256(configurationAt(`docker://${name}`))).toBe(id);
  podman.run("pull", "-q", "--tls-verify=false", name);
  expect(podman.run("inspect", "--format", "{{.Id}} {{.Digest}}", name)).toBe(`${id.slice(7)} ${digest}`);

  // As an archive: both of its faces.
  await stack.succeed(["image", "save", "-o", "made.tar", "made:1"]);
  expect(sha256(configurationAt(`docker-archive:${at("made.tar")}`))).toBe(id);
  expect(sha256(manifestAt(`oci-archive:${at("made.tar")}`))).toBe(digest);
  podman.run("rmi", "-f", name);
  podman.run("load", "-q", "-i", at("made.tar"));
  expect(podman.run("images", "-q", "--no-trunc", "made")).toBe(id);

  // And back: from podman's archives, through its push, and from skopeo's.
  podman.run(
    "save",
    "-q",
    "--format",
    "docker-archive",
    "-o",
    at("podman-docker.tar"),
    "docker.io/library/made:1",
  );
  podman.run("save", "-q", "--format", "oci-archive", "-o", at("podman-oci.tar"), "docker.io/library/made:1");
  podman.run("push", "-q", "--tls-verify=false", "docker.io/library/made:1", `${registry.host}/podman:1`);
  copy(`docker://${name}`, `oci-archive:${at("skopeo-oci.tar")}:made:1`, "--preserve-digests");
  copy(`docker://${name}`, `docker-archive:${at("skopeo-docker.tar")}:made:1`);
  for (const archive of ["podman-docker", "podman-oci", "skopeo-oci", "skopeo-docker"]) {
    await forget();
    await stack.succeed(["image", "load", "-q", "-i", `${archive}.tar`]);
    expect(await idOf("made"), archive).toBe(id);
  }
  await forget();
  await stack.succeed(["image", "pull", "-q", `${registry.host}/podman:1`]);
  expect(await idOf(`${registry.host}/podman`)).toBe(id);
  await forget();
  await stack.succeed(["image", "load", "-q", "-i", "skopeo-oci.tar"]);
  await stack.succeed(["image", "tag", "made:1", `${registry.host}/again:1`]);
  expect(await stack.succeed(["image", "push", `${registry.host}/again:1`])).toContain(digest);

  // It runs as it was built.
  stack.write({ "compose.yaml": "services: { it: { image: made:1, network_mode: none } }" });
  expect(await stack.succeed(["run", "--rm", "-T", "it"])).toBe("here\n");
  expect(await stack.succeed(["run", "--rm", "-T", "--entrypoint", "ls", "it", "/seed/inner"])).toBe("");
});

it("what is for another platform is built upon what is for it, and the tag stays what it was", async () => {
  await using registry = await DebianRegistry.start();
  const name = `${registry.host}/base:1`;
  const dockerfile = [
    "FROM --platform=$BUILDPLATFORM busybox AS make",
    "ARG TARGETARCH",
    "RUN echo made for $TARGETARCH > /out",
    "FROM scratch",
    "COPY --from=make /out /out",
  ];
  await using stack = await Stack.create({
    "compose.yaml": "services: {}",
    Dockerfile: dockerfile.join("\n"),
  });
  await stack.succeed(["build", ".", "-q", "-t", name, "--platform", "linux/arm64"]);
  await stack.succeed(["image", "push", "-q", name]);
  await stack.succeed(["image", "rm", name]);
  await stack.succeed(["image", "tag", "busybox", name]);
  const platformOf = async (image: string) =>
    JSON.parse(await stack.succeed(["image", "inspect", image]))[0].Architecture as string;
  const own = await platformOf(name);

  stack.write({ Dockerfile: `FROM ${name}\nCOPY Dockerfile /\n` });
  await stack.succeed(["build", ".", "-q", "-t", "foreign:1", "--platform", "linux/arm64"]);
  expect(await platformOf("foreign:1")).toBe("arm64");
  expect(await platformOf(name)).toBe(own);
  expect(await stack.succeed(["image", "history", "foreign:1"])).toContain("COPY --from=make /out /out");

  stack.write({ Dockerfile: `FROM ${name}\nRUN true\n` });
  const { stderr } = await stack.run(["build", ".", "--platform", "linux/riscv64"]);
  expect(stderr).toMatch(/Dockerfile:2:1: .*programs for linux\/\w+ do not run on this machine/);
});
