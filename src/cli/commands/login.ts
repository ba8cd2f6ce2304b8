import { text as readAll } from "node:stream/consumers";
import { parseReference } from "../../image/index.ts";
import { GantryError } from "../../lib/diagnostic.ts";
import { USAGE_EXIT_CODE } from "../exit-codes.ts";
import { registryClient } from "../images/with-puller.ts";
import { ask, askSecret } from "../prompt.ts";
import type { Session } from "../session.ts";
import { defineVerb } from "../verb.ts";

type LoginOptions = {
  readonly username?: string;
  readonly password?: string;
  readonly passwordStdin?: boolean;
};

/** `gantry login` */
export const login = defineVerb<LoginOptions>({
  name: "login",
  summary: "Log in to a registry",
  unprivileged: true,
  refusesDryRun: true,
  declare: (command) =>
    command
      .argument("[registry]", "Host, with port if any; Docker Hub by default")
      .option("-u, --username <name>", "User name")
      .option("-p, --password <password>", "Password or token; better through --password-stdin")
      .option("--password-stdin", "Take the password from standard input"),
  run: async (session, [registry = "docker.io"], options) => {
    const domain = registryNamed(registry);
    using client = registryClient(session);
    const known = options.username === undefined ? await client.credentials.find(domain) : undefined;
    if (known) session.stderr.write("Authenticating with existing credentials...\n");
    const credentials = known ?? (await credentialsFrom(session, options));
    await client.checkCredentials(domain, credentials);
    const path = known ? undefined : await client.credentials.save(domain, credentials);
    if (path !== undefined) {
      session.stderr.write(`warning: the credentials are stored unencrypted in ${path}\n`);
      session.stderr.write(
        "  hint: credsStore in that file names a credential helper to keep them instead\n",
      );
    }
    session.stdout.write("Login Succeeded\n");
    return undefined;
  },
});

/** `gantry logout` */
export const logout = defineVerb({
  name: "logout",
  summary: "Forget the credentials for a registry",
  unprivileged: true,
  refusesDryRun: true,
  declare: (command) => command.argument("[registry]", "Host, with port if any; Docker Hub by default"),
  run: async (session, [registry = "docker.io"]) => {
    const domain = registryNamed(registry);
    using client = registryClient(session);
    const known = await client.credentials.remove(domain);
    if (known) session.stdout.write(`Removing login credentials for ${domain}\n`);
    else session.stderr.write(`Not logged in to ${domain}\n`);
    return undefined;
  },
});

/** Takes "https://registry.example/v2/" too, as people copy it. */
function registryNamed(text: string): string {
  const host = text.replace(/^https?:\/\//, "").replace(/\/.*$/, "");
  if (host === "index.docker.io" || host === "registry-1.docker.io") return "docker.io";
  // A name without a dot is a registry here, though not at the beginning of an image's name.
  parseReference(host.includes(".") || host.includes(":") ? `${host}/x` : `${host}.x/x`);
  return host;
}

async function credentialsFrom(session: Session, { username, password, passwordStdin }: LoginOptions) {
  if (passwordStdin && (password !== undefined || username === undefined)) {
    throw new GantryError("usage", "--password-stdin goes with --username, and not with --password", {
      exitCode: USAGE_EXIT_CODE,
    });
  }
  if (password !== undefined && !passwordStdin) {
    session.stderr.write(
      "warning: --password shows the password to everybody on this machine: use --password-stdin\n",
    );
  }
  const name = username ?? (await ask(session, "Username: "));
  const secret = passwordStdin
    ? (await readAll(process.stdin)).replace(/\r?\n$/, "")
    : (password ?? (await askSecret(session, "Password: ")));
  if (name !== "" && secret !== "") return { username: name, password: secret };
  throw new GantryError("usage", "user name and password must not be empty", { exitCode: USAGE_EXIT_CODE });
}
