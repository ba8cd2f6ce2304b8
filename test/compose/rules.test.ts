import { describe, expect, it } from "vitest";
import { errors, warnings } from "./support/load-text.ts";

const web = (...lines: string[]) =>
  ["services:", "  web:", "    image: x", ...lines.map((line) => `    ${line}`), ""].join("\n");

/** Each row of validate/table.ts: what it refuses, at which path's line and column, in which words. */
describe("rules", () => {
  it.each([
    ["services: {web: {init: true}}\n", "1:17 missing-key: the service web has neither image nor build"],
    [
      web("network_mode: host", "networks: [default]"),
      "4:19 conflict: the service web has both network_mode and networks",
    ],
    [web("scale: 2", "deploy: {replicas: 3}"), "4:12 conflict: scale is 2, but deploy.replicas is 3"],
    [web("scale: -1"), "4:12 invalid-value: scale must not be negative"],
    [
      web("cpus: 1", "deploy: {resources: {limits: {cpus: '2'}}}"),
      "4:11 conflict: cpus and deploy.resources.limits.cpus differ",
    ],
    [
      web("mem_limit: 1g", "deploy: {resources: {limits: {memory: 2g}}}"),
      "4:16 conflict: mem_limit and deploy.resources.limits.memory differ",
    ],
    [
      web("pids_limit: 1", "deploy: {resources: {limits: {pids: 2}}}"),
      "4:17 conflict: pids_limit and deploy.resources.limits.pids differ",
    ],
    [web("tmpfs: [/run]", "volumes: [/run]"), "5:15 conflict: two things are mounted at /run"],
    [web("volumes: [{type: volume}]"), "4:15 missing-key: the mount has no target"],
    [web("volumes: [{type: bind, target: /x}]"), "4:15 missing-key: the bind mount has no source"],
    [web("ports: [{published: 80}]"), "4:13 missing-key: item 1 of ports has no target"],
    [
      web("ports: [{target: 80, host_ip: localhost}]"),
      '4:35 invalid-value: "localhost" is not an IP address',
    ],
    [
      web("configs: [c]"),
      "4:15 undefined-reference: the service web uses the config c, which is not defined",
    ],
    [
      web("secrets: [{source: s}]"),
      "4:24 undefined-reference: the service web uses the secret s, which is not defined",
    ],
    [web("models: [m]"), "4:14 undefined-reference: the service web uses the model m, which is not defined"],
    [
      `${web("networks: {n: {ipv4_address: '::1'}}", "x-a: 1")}networks: {n: }\n`,
      '4:34 invalid-value: "::1" is not an IPv4 address',
    ],
    [
      `${web("depends_on: {db: {required: true}}")}  db: {image: x}\n`,
      "4:22 missing-key: the dependency on db has no condition",
    ],
    [
      web("pid: service:db"),
      "4:10 undefined-reference: the service web shares pid with db, which does not exist",
    ],
    [
      web("volumes_from: [db]"),
      "4:20 undefined-reference: the service web takes volumes from db, which does not exist",
    ],
    [web("restart: sometimes"), '4:14 invalid-value: "sometimes" is not a restart policy'],
    [
      web("platform: linux/arm64", "build: {context: ., platforms: [linux/amd64]}"),
      "4:15 conflict: the platform linux/arm64 is not among build.platforms: linux/amd64",
    ],
    [
      web("gpus: [{count: 1, device_ids: ['0']}]"),
      "4:20 conflict: a device request has count or device_ids, not both",
    ],
    [
      web("develop: {watch: [{path: ., action: sync}]}"),
      "4:23 missing-key: the watch action sync has no target",
    ],
    [
      `${web("container_name: a1")}  db: {image: x, container_name: a1}\n`,
      "5:34 conflict: two services have the container_name a1",
    ],
    [
      `${web()}configs: {c: {file: a, content: b}}\n`,
      "4:14 conflict: c has file and content; only one of them can be the content",
    ],
    [`${web()}secrets: {s: {labels: [a]}}\n`, "4:14 missing-key: s has no content"],
    [
      `${web()}volumes: {v: {external: true, driver: local}}\n`,
      "4:31 conflict: the volume v is external, so driver has no meaning",
    ],
    [
      `${web()}volumes: {v: {external: {name: a}, name: b}}\n`,
      "4:32 conflict: name and external.name differ",
    ],
  ])("%j", (text, expected) => expect(errors(text)).toEqual([`compose.yaml:${expected}`]));

  it("accept what looks odd and is right", () => {
    const fine = [
      web("scale: 2", "deploy: {replicas: 2}", "cpus: 0.5", "mem_limit: 1g"),
      web("restart: on-failure:5", 'ports: ["80:80/tcp", "80:80/udp", "127.0.0.1:81:81", "[::1]:81:81"]'),
      `${web("depends_on: {gone: {condition: service_started, required: false}}")}  gone: {image: x, profiles: [p]}\n`,
      web("network_mode: none"),
      `${web("secrets: [s]")}secrets: {s: {external: true}}\n`,
    ];
    expect(fine.flatMap((text) => [...errors(text), ...warnings(text)])).toEqual([]);
  });

  it("warn of a mount at a relative path", () => {
    expect(warnings(web("volumes: [data, 'a:/x']"))).toEqual([
      "compose.yaml:4:15 invalid-value: data is mounted at a relative path",
      "compose.yaml:4:21 invalid-value: a:/x is mounted at a relative path",
    ]);
  });
});
