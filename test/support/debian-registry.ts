import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "./until.ts";

/** The user "ada" with the password "secret", as htpasswd writes it: bcrypt, which the registry insists on. */
const PASSWORDS = "ada:$2y$05$IVMliMDv22b91RUoxkWAP.beDZ.e0rlHclQwCStXrfTEbp8q.sFq2\n";

/** Debian's docker-registry on loopback, with its files in a directory that goes with it. */
export class DebianRegistry {
  /** "127.0.0.1:PORT" */
  readonly host: string;
  readonly #directory: string;
  readonly #process: ChildProcess;

  private constructor(host: string, directory: string, process: ChildProcess) {
    this.host = host;
    this.#directory = directory;
    this.#process = process;
  }

  /** `locked`: with TLS and with basic authentication. */
  static async start({ locked = false } = {}): Promise<DebianRegistry> {
    const directory = mkdtempSync(join(tmpdir(), "gantry-registry-"));
    const host = `127.0.0.1:${await freePort()}`;
    if (locked) makeCertificate(directory);
    writeFileSync(join(directory, "passwords"), PASSWORDS);
    writeFileSync(join(directory, "config.yml"), configuration(directory, host, locked));
    const child = spawn("docker-registry", ["serve", join(directory, "config.yml")], { stdio: "ignore" });
    const registry = new DebianRegistry(host, directory, child);
    await until("the registry answers", () => answers(host), 20);
    return registry;
  }

  /** The certificate of the authority that vouches for it. */
  get certificate(): string {
    return readFileSync(join(this.#directory, "ca.crt"), "utf8");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#process, "exit");
    this.#process.kill("SIGKILL");
    await ended;
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

function configuration(directory: string, addr: string, locked: boolean): string {
  const tls = { certificate: join(directory, "ca.crt"), key: join(directory, "key.pem") };
  const auth = { htpasswd: { realm: "test", path: join(directory, "passwords") } };
  return JSON.stringify({
    version: "0.1",
    log: { level: "error" },
    storage: { filesystem: { rootdirectory: join(directory, "data") } },
    http: { addr, ...(locked ? { tls } : {}) },
    ...(locked ? { auth } : {}),
  });
}

function makeCertificate(directory: string): void {
  const [key, certificate] = [join(directory, "key.pem"), join(directory, "ca.crt")];
  const request = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=test"];
  const names = ["-addext", "subjectAltName=IP:127.0.0.1"];
  execFileSync("openssl", [...request, ...names, "-keyout", key, "-out", certificate], { stdio: "ignore" });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}

function answers(host: string): boolean {
  try {
    const [address, port] = host.split(":");
    execFileSync("bash", ["-c", `exec 3<>/dev/tcp/${address}/${port}`], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
