import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

const IMAGE = "gantry-bench";

/** gantry from this checkout, in a root of its own. */
export function gantry(base) {
  const program = resolve(import.meta.dirname, "../../bin/gantry");
  const environment = { ...process.env, GANTRY_ROOT: join(base, "root") };
  return contestant("gantry", base, [program], environment, (archive) =>
    execFileSync(program, ["image", "import", archive, IMAGE], { env: environment }),
  );
}

/** Docker Compose, when it and a running engine are here. */
export function docker(base) {
  const answers = spawnSync("docker", ["compose", "version"], { stdio: "ignore" }).status === 0;
  if (!answers || spawnSync("docker", ["info"], { stdio: "ignore" }).status !== 0) return undefined;
  return contestant("docker compose", base, ["docker", "compose"], process.env, (archive) =>
    execFileSync("docker", ["import", archive, IMAGE]),
  );
}

function contestant(name, base, [program, ...first], environment, importImage) {
  const directory = join(base, name.replace(" ", "-"));
  mkdirSync(directory);
  importImage(busyboxArchive(directory));
  const projects = [];
  const project = (label, text) => {
    const cwd = join(directory, label);
    mkdirSync(cwd, { recursive: true });
    writeFileSync(join(cwd, "compose.yaml"), text);
    const run = (...args) => {
      const result = spawnSync(program, [...first, ...args], { cwd, env: environment, encoding: "utf8" });
      if (result.status !== 0) throw new Error(`${name} ${args.join(" ")}: ${result.stdout}${result.stderr}`);
      return result.stdout;
    };
    projects.push(run);
    return { run, cwd, program, first, environment };
  };
  return {
    name,
    project: (services) => project(`bench${services}`, manyServices(services)),
    projectOf: (label, text) => project(label, text),
    image: IMAGE,
    end: () => {
      for (const run of projects) run("down", "-v", "-t", "0");
    },
  };
}

function manyServices(count) {
  const services = Array.from(
    { length: count },
    (_, index) => `  s${index + 1}: { image: ${IMAGE}, command: [sleep, "100000"] }\n`,
  );
  return `services:\n${services.join("")}`;
}

/** A root file system of a few busybox applets, as a tar archive in the directory. */
export function busyboxArchive(directory) {
  const root = join(directory, "image");
  mkdirSync(join(root, "bin"), { recursive: true });
  mkdirSync(join(root, "tmp"));
  // As every image has them: where they are missing they are made in each container.
  for (const name of ["dev", "proc", "sys", "etc"]) mkdirSync(join(root, name));
  for (const name of ["hosts", "hostname", "resolv.conf"]) writeFileSync(join(root, "etc", name), "");
  copyFileSync("/bin/busybox", join(root, "bin/busybox"));
  for (const applet of ["sh", "sleep", "true", "nc", "dd", "cat", "mkdir", "seq", "sha256sum"])
    symlinkSync("busybox", join(root, "bin", applet));
  const archive = join(directory, "image.tar");
  execFileSync("tar", ["-C", root, "-cf", archive, "."]);
  return archive;
}
