import { execFileSync } from "node:child_process";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Stack } from "../../support/stack.ts";
import { until } from "../../support/until.ts";
import { Watcher } from "../../support/watcher.ts";

const checkout = resolve(import.meta.dirname, "../../..");
const [PORT, TILL_PORT] = [28081, 28082];
const environment = {
  BASE: "workshop:1",
  COMPILER: "workshop:1",
  PORT: String(PORT),
  TILL_PORT: String(TILL_PORT),
};

/** One of the examples, watched; both are given back at the end of the scope. */
class Example {
  readonly watcher: Watcher;
  readonly #name: string;

  private constructor(name: string) {
    this.#name = name;
    this.watcher = new Watcher(stack, this.#command("watch"), environment);
  }

  static async watch(name: string): Promise<Example> {
    cpSync(join(checkout, "examples", name), join(stack.directory, name), { recursive: true });
    const example = new Example(name);
    await example.watcher.says("Watching", 60);
    return example;
  }

  /** Saves a file with one text in the place of another. */
  edit(path: string, before: string, after: string): void {
    const place = join(stack.directory, this.#name, path);
    const text = readFileSync(place, "utf8");
    expect(text).toContain(before);
    writeFileSync(place, text.replaceAll(before, after));
  }

  async serves(text: string, port = PORT): Promise<void> {
    const isServed = async () => (await answer(port)).includes(text);
    await until(`${this.#name} serves ${text}: ${this.watcher.said}`, isServed, 20);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.watcher.end();
    const { code, stderr } = await stack.run(this.#command("down", "-t", "0"), { environment });
    expect(code, stderr).toBe(0);
  }

  #command(...args: string[]): string[] {
    return ["-f", `${this.#name}/compose.yaml`, "-p", stack.project, ...args];
  }
}

let stack: Stack;
beforeAll(async () => {
  stack = await Stack.create({});
  const recipe = join(checkout, "examples/images/workshop.recipe");
  const script = ["scripts/image.sh", "--archive", recipe];
  const archive = execFileSync("bash", script, { cwd: checkout, encoding: "utf8" }).trim();
  await stack.succeed(["image", "import", "-", "workshop:1"], { input: readFileSync(archive) });
}, 300_000);
afterAll(() => stack[Symbol.asyncDispose]());

async function answer(port: number): Promise<string> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(2000) });
    return `${response.headers.get("x-served-by")}\n${await response.text()}`;
  } catch (error) {
    return String(error);
  }
}

describe("the examples of watch", () => {
  it("watch-node: a server that reloads itself, an image built anew", async () => {
    await using example = await Example.watch("watch-node");
    await example.serves("Hello from Node");
    example.edit("src/greeting.js", "Hello", "Saved");
    await example.serves("Saved from Node");
    expect(example.watcher.said).toContain("web synced greeting.js");
    example.edit("package.json", "watch-node", "watch-node-2");
    await example.watcher.says("web rebuilt for package.json", 60);
    await example.serves("Saved from Node");
  });

  it("watch-python: restarted in place", async () => {
    await using example = await Example.watch("watch-python");
    await example.serves("Hello from Python");
    example.edit("src/greeting.py", "Hello", "Saved");
    await example.serves("Saved from Python");
    expect(example.watcher.said).toContain("web restarted for greeting.py");
    expect(example.watcher.said).not.toContain("Recreat");
  });

  it("watch-static: pages as they are saved, settings by a reload", async () => {
    await using example = await Example.watch("watch-static");
    await example.serves("Hello from nginx");
    example.edit("site/index.html", "Hello", "Saved");
    await example.serves("Saved from nginx");
    example.edit("site.conf", "the first settings", "other settings");
    await example.serves("other settings");
    expect(example.watcher.said).toContain("web ran its command for site.conf");
  });

  it("watch-compiled: replaced by what compiles, left alone by what does not", async () => {
    await using example = await Example.watch("watch-compiled");
    await example.serves("Hello from C");
    example.edit("src/server.c", "Hello", "Saved");
    await example.serves("Saved from C");
    example.edit("src/server.c", "respond(", "respnd(");
    await example.watcher.says(/Dockerfile:\d+:1: error/, 60);
    await example.watcher.says("did you mean 'respond'");
    await example.serves("Saved from C");
    example.edit("src/server.c", "respnd(", "respond(");
    example.edit("src/server.c", "Saved", "Mended");
    await example.serves("Mended from C");
  });

  it("watch-tests: run at the start and on every save", async () => {
    await using example = await Example.watch("watch-tests");
    await example.watcher.says(/pass 1\n.*tests ran its command/s, 60);
    example.watcher.forget();
    example.edit("src/add.js", "one + other", "one - other");
    await example.watcher.says("node --test src/ ended with exit code 1", 60);
    example.watcher.forget();
    example.edit("src/add.js", "one - other", "one + other");
    await example.watcher.says(/pass 1\n.*tests ran its command/s, 60);
  });

  it("watch-monorepo: a shared package in both services, their own files in one", async () => {
    await using example = await Example.watch("watch-monorepo");
    await example.serves("A crane costs 1299.00 EUR");
    await example.serves("To pay: 1299.00 EUR", TILL_PORT);
    example.edit("packages/money/format.js", "EUR", "euros");
    await example.serves("A crane costs 1299.00 euros");
    await example.serves("To pay: 1299.00 euros", TILL_PORT);
    example.watcher.forget();
    example.edit("services/till/server.js", "To pay", "You owe");
    await example.serves("You owe: 1299.00 euros", TILL_PORT);
    expect(example.watcher.said).toContain("till synced server.js");
    expect(example.watcher.said).not.toContain("shop");
  });
});
