// Makes docs/terminal.svg: a real session in a real terminal (tmux), drawn as it stands on the screen.
// Run as root, with nothing but tmux and the built gantry: node scripts/record-terminal.mjs
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import { busyboxArchive } from "../test/support/busybox-image.ts";

const root = resolve(import.meta.dirname, "..");
const [COLUMNS, ROWS] = [132, 30];
const PLAIN = "#d7dae0";
const COLOURS = {
  2: "#7f8694",
  31: "#f07178",
  32: "#a5d679",
  33: "#ffcb6b",
  34: "#82aaff",
  35: "#d3a0f0",
  36: "#79d3e0",
};

const PROMPT = "$";
const FILE = `services:
  web:
    image: busybox
    command: sh -c 'echo listening on 8080; exec httpd -f -p 8080'
    ports: ["127.0.0.1:18080:8080"]
    depends_on: { db: { condition: service_healthy } }
  db:
    image: busybox
    command: sh -c 'sleep 0.4; touch /ready; echo ready to accept connections; exec sleep 1000'
    init: true
    healthcheck: { test: test -e /ready }
  migrate:
    image: busybox
    command: echo 3 migrations applied
    depends_on: { db: { condition: service_healthy } }
`;
const COMMANDS = [
  "gantry up -d --wait",
  "gantry ps",
  "gantry logs",
  "gantry explain services.web.image",
  "gantry dwon",
  "gantry down",
];

const base = mkdtempSync("/var/lib/gantry-recording-");
const project = join(base, "shop");
const environment = {
  ...process.env,
  GANTRY_ROOT: join(base, "root"),
  PATH: `${root}/bin:${process.env.PATH}`,
  PS1: "$ ",
};
const tmux = (...args) =>
  execFileSync("tmux", ["-u", "-L", `recording-${process.pid}`, ...args], {
    encoding: "utf8",
    env: environment,
  });

try {
  mkdirSync(project);
  writeFileSync(join(project, "compose.yaml"), FILE);
  execFileSync(join(root, "bin/gantry"), ["image", "import", "-", "busybox"], {
    input: busyboxArchive(),
    env: environment,
  });
  tmux(
    "new-session",
    "-d",
    "-x",
    String(COLUMNS),
    "-y",
    String(ROWS),
    "-c",
    project,
    "bash --norc --noprofile",
  );
  await run("PS1='$ '; clear; echo");
  for (const command of COMMANDS) await run(command);
  writeFileSync(
    join(root, "docs/terminal.svg"),
    svgOf(tmux("capture-pane", "-p", "-e").trim().split("\n").slice(0, -1)),
  );
} finally {
  try {
    tmux("kill-server");
  } catch {
    // There was none yet.
  }
  execFileSync(join(root, "bin/gantry"), ["-p", "shop", "down", "-t", "0"], {
    env: environment,
    stdio: "ignore",
  });
  rmSync(base, { recursive: true, force: true });
}

/** Types a command, and waits until the prompt is there again. */
async function run(command) {
  tmux("send-keys", "-l", `${command}\n`);
  const isDone = () => tmux("capture-pane", "-p").trimEnd().endsWith(`\n${PROMPT}`);
  do await setTimeout(100);
  while (!isDone());
}

/** Lines with colours as SVG: each run of one colour is a text of its own, placed by columns. */
function svgOf(screen) {
  const [cell, line, margin] = [8.4, 18, 14];
  const lines = screen;
  const texts = lines.flatMap((text, row) =>
    runsOf(text).map(({ column, words, colour, isBold }) => {
      const style = `fill="${colour}"${isBold ? ' font-weight="bold"' : ""}`;
      return `<text x="${(margin + column * cell).toFixed(1)}" y="${margin + 14 + row * line}" ${style} xml:space="preserve">${escaped(words)}</text>`;
    }),
  );
  const [width, height] = [Math.ceil(COLUMNS * cell + 2 * margin), lines.length * line + 2 * margin];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14">`,
    "<title>A session of gantry in a terminal</title>",
    `<rect width="${width}" height="${height}" rx="8" fill="#16181d"/>`,
    ...texts,
    "</svg>",
    "",
  ].join("\n");
}

/** The parts of a line that look the same. */
function runsOf(text) {
  const runs = [];
  let column = 0;
  let look = { colour: PLAIN, isBold: false };
  for (const part of text.split(/(\x1b\[[0-9;]*m)/)) {
    const codes = /^\x1b\[([0-9;]*)m$/.exec(part)?.[1];
    if (codes !== undefined) look = (codes || "0").split(";").reduce(changed, look);
    else {
      if (part.trim() !== "") runs.push({ column, words: part, ...look });
      column += part.length;
    }
  }
  return runs;
}

function changed({ colour, isBold }, code) {
  if (code === "0") return { colour: PLAIN, isBold: false };
  if (code === "1" || code === "22") return { colour, isBold: code === "1" };
  return { colour: code === "39" ? PLAIN : (COLOURS[code] ?? colour), isBold };
}

function escaped(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
