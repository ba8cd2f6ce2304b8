import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { GantryError } from "../../lib/diagnostic.ts";

/** A service that a program of the host provides, and how to call it. */
export type Provided = {
  readonly project: string;
  readonly service: string;
  readonly program: string;
  readonly options: Readonly<Record<string, readonly string[]>>;
};

/** Variables for the services that depend on it: under its name, and as they are. */
export type ProvidedVariables = {
  readonly prefixed: Readonly<Record<string, string>>;
  readonly plain: Readonly<Record<string, string>>;
};

type Message = { readonly type: string; readonly message: string };

/**
 * Calls a provider (docs of Docker Compose: "Extend Compose with provider services"). It answers with a JSON object a
 * line on its standard output: what it does, a failure, variables.
 */
export async function runProvider(
  provided: Provided,
  command: "up" | "down",
  environment: Readonly<Record<string, string | undefined>>,
  hear: (text: string) => void,
): Promise<ProvidedVariables> {
  const { program, service } = provided;
  const child = spawn(program, argumentsOf(provided, command), {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...environment },
  });
  const ended = new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve(signal ? 128 : (code ?? 0)));
  });
  ended.catch(() => undefined);
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaint = (complaint + text).slice(-4096);
  });
  const variables = { prefixed: {} as Record<string, string>, plain: {} as Record<string, string> };
  let failure: string | undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    const message = parse(line);
    if (message?.type === "info") hear(message.message);
    else if (message?.type === "error") failure = message.message;
    else if (message?.type === "setenv") assign(variables.prefixed, message.message, service);
    else if (message?.type === "rawsetenv") assign(variables.plain, message.message, service);
  }
  const code = await ended;
  if (failure === undefined && code === 0) return variables;
  throw new GantryError(
    "provider-failed",
    `service ${service}: ${program} ${command}: ${failure ?? `exited with ${code}`}`,
    { details: complaint.trim() === "" ? [] : complaint.trimEnd().split("\n").slice(-10) },
  );
}

function argumentsOf({ project, service, options }: Provided, command: string): string[] {
  const given = Object.entries(options).flatMap(([key, values]) =>
    values.map((value) => `--${key}=${value}`),
  );
  return ["compose", `--project-name=${project}`, command, ...given, service];
}

/** A line that is no message is the provider's own talk. */
function parse(line: string): Message | undefined {
  try {
    const { type, message } = JSON.parse(line) as Partial<Message>;
    return typeof type === "string" && typeof message === "string" ? { type, message } : undefined;
  } catch {
    return undefined;
  }
}

function assign(variables: Record<string, string>, text: string, service: string): void {
  const at = text.indexOf("=");
  if (at <= 0) {
    throw new GantryError(
      "provider-failed",
      `service ${service}: its provider sets ${JSON.stringify(text)}`,
      {
        hint: "a variable is KEY=VALUE",
      },
    );
  }
  variables[text.slice(0, at)] = text.slice(at + 1);
}
