import { expect, it } from "vitest";
import { committedConfig } from "../../src/files/committed-config.ts";
import type { ContainerRecord, OciSpec } from "../../src/runtime/index.ts";

const record = {
  command: ["/entry", "serve", "--fast"],
  labels: { own: "1" },
  stopSignal: 2,
  exposedPorts: ["80/tcp"],
  image: { id: "", reference: "", layerDirectories: [] },
} as unknown as ContainerRecord;

const spec = {
  hostname: "abc",
  process: {
    cwd: "/srv",
    env: ["PATH=/bin", "HOSTNAME=abc", "HOME=/root", "MODE=fast"],
    user: { uid: 1000, gid: 100, additionalGids: [] },
  },
} as unknown as OciSpec;

it("an image made of a container runs as the container does", () => {
  const image = { Entrypoint: ["/entry"], Cmd: ["help"], Env: ["PATH=/bin"], Labels: { of: "image" } };
  expect(committedConfig(image, record, spec)).toEqual({
    Entrypoint: ["/entry"],
    Cmd: ["serve", "--fast"],
    Env: ["PATH=/bin", "MODE=fast"],
    Labels: { of: "image", own: "1" },
    WorkingDir: "/srv",
    User: "1000:100",
    StopSignal: "SIGINT",
    ExposedPorts: { "80/tcp": {} },
  });
});

it("a service's own entrypoint takes the place of the image's", () => {
  const { Entrypoint, Cmd } = committedConfig({ Entrypoint: ["/other"], User: "1000:100" }, record, spec);
  expect({ Entrypoint, Cmd }).toEqual({ Entrypoint: ["/entry", "serve", "--fast"], Cmd: null });
});
