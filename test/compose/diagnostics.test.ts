import { describe, expect, it } from "vitest";
import type { Position } from "../../src/lib/diagnostic.ts";
import { errors, load, warnings } from "./support/load-text.ts";

const service = (...lines: string[]) =>
  ["services:", "  web:", "    image: nginx", ...lines.map((line) => `    ${line}`), ""].join("\n");

const at = (position: Position | undefined) =>
  position && `${position.file.replace("/project/", "")}:${position.line}:${position.column}`;

describe("diagnostics", () => {
  it("are all given at once, each at its place", () => {
    const text = service("ports:", '  - "80800:80"', "restart: alway", "prots: []", "depends_on: [db]");
    expect(errors(text)).toEqual([
      'compose.yaml:5:9 invalid-value: "80800:80": the host port 80800 is above 65535',
      'compose.yaml:6:14 invalid-value: "alway" is not a restart policy',
      "compose.yaml:7:5 unknown-key: the service web has no key prots",
      "compose.yaml:8:18 undefined-reference: the service web depends on db, which does not exist",
    ]);
  });

  it("carry the line, the length, the key path and a hint", () => {
    const result = load(service("restart: alway"));
    expect(result.ok).toBe(false);
    if (result.ok) return;
    expect(result.errors[0]).toMatchObject({
      severity: "error",
      path: "services.web.restart",
      position: { file: "/project/compose.yaml", line: 4, column: 14 },
      sourceLine: "    restart: alway",
      length: 5,
      hint: "did you mean always?",
    });
  });

  it.each([
    ["enviroment: {A: b}", "did you mean environment?"],
    ["envFile: x", "did you mean env_file?"],
    ["depends: [db]", "use depends_on:"],
    ["volume: [a:/b]", "use volumes:, a list"],
    ["replicas: 2", "use scale:, or put it under deploy:"],
    ["dockerfile: x", "put it under build:"],
    ["zzz: 1", "remove it, or prefix it with x- if it is for another tool"],
  ])("suggest the right key for %s", (line, hint) => {
    const result = load(service(line));
    expect(result.ok ? "" : result.errors[0]?.hint).toBe(hint);
  });

  it.each([
    [
      "ports: 8080:80",
      'ports must be a list, but is the string "8080:80"',
      'write a list: ports: ["8080:80"]',
    ],
    ["ports: {80: 80}", undefined, undefined],
    [
      "environment: [{A: b}]",
      "item 1 of environment must be a string, but is a mapping",
      expect.stringContaining("put it in quotes"),
    ],
    ["hostname: 5", "hostname must be a string, but is the number 5", 'put it in quotes: "5"'],
    [
      "environment: {D: 2024-01-01}",
      expect.stringContaining("but is a date"),
      'put it in quotes: "2024-01-01"',
    ],
    ["volumes:", "volumes is empty", expect.stringContaining("write a list")],
    ["stop_grace_period: '10'", '"10" is not a duration', "a unit is missing: 10s?"],
    ["mem_limit: 5x", '"5x" is not a size', expect.any(String)],
    ["cpus: many", '"many" is not a number', expect.any(String)],
    ["init: perhaps", '"perhaps" is not true or false', expect.any(String)],
    [
      'ports: ["::1:80:80"]',
      expect.stringContaining("is not a port mapping"),
      'put the IPv6 address in brackets: "[::1]:80:80"',
    ],
    [
      'ports: ["80-82:90-91"]',
      expect.stringContaining("maps 3 host ports to 2 container ports"),
      expect.any(String),
    ],
    [
      "healthcheck: {test: [curl, x]}",
      "a health check begins with CMD, CMD-SHELL or NONE, not curl",
      expect.any(String),
    ],
    ["cgroup: hots", 'cgroup must be host or private, not "hots"', "did you mean host?"],
    ["security_opt: [a, a]", 'security_opt has "a" twice', expect.any(String)],
    ["container_name: -x", '"-x" is not a container name', expect.any(String)],
  ])("explain %s", (line, message, hint) => {
    const result = load(service(line));
    const [error] = result.ok ? [] : result.errors;
    if (message) expect(error).toMatchObject({ message, hint });
    else expect(error).toMatchObject({ code: "wrong-type" });
  });

  it("say nothing about what follows from another fault", () => {
    expect(errors("services:\n  web:\n    image: 5\n")).toHaveLength(1);
    expect(errors("services:\n  web:\n    image: ${TAG:?needed}\n")).toHaveLength(1);
    expect(errors(`${service("networks: [front]")}networks:\n  front: 5\n`)).toHaveLength(1);
    expect(errors(`${service("depends_on: [db]")}  db:\n`)).toHaveLength(1);
  });

  it("point at the name of a missing dependency, not at how it is waited for", () => {
    const text = service("depends_on:", "  db: { condition: service_healthy }");
    expect(errors(text)).toEqual([
      "compose.yaml:5:7 undefined-reference: the service web depends on db, which does not exist",
    ]);
  });

  it("name the variable a faulty value came from", () => {
    const result = load(service("cpus: ${CPUS}"), { environment: { CPUS: "many" } });
    expect(result.ok ? [] : result.errors[0]?.related).toEqual([
      { message: "the variable CPUS comes from the environment of the command" },
    ]);
  });

  it.each([
    [
      "an anchor",
      { "compose.yaml": "x-l: &l {cpus: many}\nservices:\n  web:\n    <<: *l\n    image: x\n" },
      ["compose.yaml:4:9: used here, through *l"],
    ],
    [
      "an extended file",
      {
        "compose.yaml": "services:\n  web:\n    extends: {file: base.yaml, service: b}\n",
        "base.yaml": "services:\n  b: {image: x, cpus: many}\n",
      },
      ["compose.yaml:3:21: the file is extended here"],
    ],
    [
      "an included file",
      {
        "compose.yaml": "include: [more.yaml]\nservices: {}\n",
        "more.yaml": "services:\n  b: {image: x, cpus: many}\n",
      },
      ["compose.yaml:1:11: the file is included here"],
    ],
    [
      "a variable of .env",
      { "compose.yaml": service("cpus: ${CPUS}"), ".env": "A=1\nCPUS=many\n" },
      [".env:2:1: the variable CPUS is set here"],
    ],
    [
      "a service that extends another",
      { "compose.yaml": "services:\n  a: {image: x, networks: [n]}\n  b: {extends: a}\n" },
      ["compose.yaml:3:16: inherited here, from the service a"],
    ],
  ])("show both places of a value that came by way of %s", (_, files, places) => {
    const result = load(files);
    const related = result.ok ? [] : (result.errors.at(-1)?.related ?? []);
    expect(related.map(({ message, position }) => `${at(position)}: ${message}`)).toEqual(places);
  });

  it("appear once for a value that services share through an anchor", () => {
    const text = "x-base: &base\n  image: nginx\n  restart: alway\nservices:\n  a: *base\n  b: *base\n";
    expect(errors(text)).toEqual(['compose.yaml:3:12 invalid-value: "alway" is not a restart policy']);
  });

  it("warn of keys without effect at their place", () => {
    const result = load(service("cpu_count: 2", "attach: false"));
    expect(result.warnings).toMatchObject([
      { code: "unsupported-key", path: "services.web.cpu_count", position: { line: 4, column: 5 } },
    ]);
  });

  it("warn of an obsolete version and of a doubled host port", () => {
    expect(warnings(`version: "3"\n${service('ports: ["80:80", "80:81"]')}`)).toEqual([
      "compose.yaml:1:1 obsolete-key: version has no meaning any more, and is ignored",
      "compose.yaml:5:22 conflict: the host port 0.0.0.0:80/tcp is published twice",
    ]);
  });

  it("warn of words that were booleans, and of a mode without its octal zero", () => {
    const secrets = "secrets:\n  - {source: s, mode: 440}".split("\n");
    const text = `${service("init: yes", ...secrets)}secrets: {s: {environment: S}}\n`;
    expect(warnings(text)).toEqual([
      'compose.yaml:4:11 invalid-value: "yes" is read as true, but is a plain string in YAML 1.2',
      "compose.yaml:6:27 invalid-value: the mode 440 is decimal: it means 0670",
    ]);
  });
});
