import {
  appendFileSync,
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";

/** How programs save a file, call by call. */
export const SAVES: Readonly<Record<string, (path: string, text: string) => void>> = {
  /** A probe for whether files can be made, the old one as a backup, a new file of the name. */
  vim: (path, text) => {
    const probe = join(dirname(path), "4913");
    writeFileSync(probe, "");
    unlinkSync(probe);
    if (existsSync(path)) renameSync(path, `${path}~`);
    writeFileSync(path, text);
    rmSync(`${path}~`, { force: true });
  },
  /** The same file cut to nothing and written. */
  code: (path, text) => writeFileSync(path, text),
  jetbrains: (path, text) => {
    writeFileSync(`${path}___jb_tmp___`, text);
    if (existsSync(path)) renameSync(path, `${path}___jb_old___`);
    renameSync(`${path}___jb_tmp___`, path);
    rmSync(`${path}___jb_old___`, { force: true });
  },
  /** A lock that is a link to nowhere, a backup, the same file written. */
  emacs: (path, text) => {
    const lock = join(dirname(path), `.#${path.slice(dirname(path).length + 1)}`);
    symlinkSync("ada@host.4711:1", lock);
    if (existsSync(path)) copyFileSync(path, `${path}~`);
    writeFileSync(path, text);
    unlinkSync(lock);
    rmSync(`${path}~`, { force: true });
  },
  sed: (path, text) => {
    const temporary = join(dirname(path), `sed${Math.random().toString(36).slice(2, 8)}`);
    writeFileSync(temporary, text);
    renameSync(temporary, path);
  },
  /** In pieces, as a slow writer or a download does. */
  pieces: (path, text) => {
    const file = openSync(path, "w");
    for (let place = 0; place < text.length; place += 4096) {
      writeSync(file, text.slice(place, place + 4096));
      if (place === 0) fsyncSync(file);
    }
    closeSync(file);
  },
  append: (path, text) => appendFileSync(path, text.slice(0, 100)),
};

/** Numbers from 0 up to `limit`, the same for the same seed. */
export type Dice = (limit: number) => number;

export function diceOf(seed: number): Dice {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

/** One edit of many somewhere in a tree: a save in some program's manner, or what one does to directories and links. */
export function edit(root: string, dice: Dice): void {
  const path = join(root, ...Array.from({ length: 1 + dice(3) }, () => `n${dice(6)}`));
  const kind = dice(20);
  makeWayTo(root, path);
  if (kind < 12) saveIn(Object.values(SAVES)[dice(Object.keys(SAVES).length)]!, path, dice);
  else if (kind === 12) rmSync(path, { recursive: true, force: true });
  else if (kind === 13) moveOnto(root, path, join(root, `n${dice(6)}`, `m${dice(6)}`));
  else if (kind === 14) replaceBy(path, () => mkdirSync(path));
  else if (kind === 15) replaceBy(path, () => symlinkSync(`../n${dice(6)}`, path));
  else if (kind === 16 && isThere(path) && !lstatSync(path).isSymbolicLink()) {
    chmodSync(
      path,
      lstatSync(path).isDirectory() ? [0o755, 0o700][dice(2)]! : [0o644, 0o600, 0o755][dice(3)]!,
    );
  } else if (kind === 17) branch(join(root, `branch${dice(3)}`), dice);
  else if (kind === 18) writeFileSync(`${join(dirname(path), "caf\u00e9 a b")}`, String(dice(1000)));
  else if (dice(10) === 0)
    replaceBy(path, () => writeFileSync(path, Buffer.alloc(17 * 1024 * 1024, dice(256))));
}

/** Another branch is checked out: many files come, change and go at once. */
function branch(directory: string, dice: Dice): void {
  mkdirSync(directory, { recursive: true });
  for (const name of readdirSync(directory))
    if (dice(2) === 0) rmSync(join(directory, name), { recursive: true });
  for (let number = 0; number < 100; number++) {
    const inner = join(directory, `d${number % 7}`);
    if (dice(3) === 0) continue;
    mkdirSync(inner, { recursive: true });
    writeFileSync(join(inner, `f${number}`), `${dice(1000)}`);
  }
}

function saveIn(save: (path: string, text: string) => void, path: string, dice: Dice): void {
  if (isThere(path) && !lstatSync(path).isFile()) rmSync(path, { recursive: true });
  save(path, `${dice(1_000_000)}\n`.repeat(1 + dice(4000)));
}

/** Whatever stands in the way of the directories above becomes one, from the root down: never through a link. */
function makeWayTo(root: string, path: string): void {
  let directory = root;
  for (const name of relative(root, dirname(path)).split("/")) {
    if (name === "") return;
    directory = join(directory, name);
    if (isThere(directory) && lstatSync(directory).isDirectory()) continue;
    rmSync(directory, { recursive: true, force: true });
    mkdirSync(directory);
  }
}

function moveOnto(root: string, path: string, place: string): void {
  if (!isThere(path) || place.startsWith(`${path}/`)) return;
  makeWayTo(root, place);
  if (!isThere(path)) return;
  rmSync(place, { recursive: true, force: true });
  if (isThere(path)) renameSync(path, place);
}

function replaceBy(path: string, make: () => void): void {
  rmSync(path, { recursive: true, force: true });
  make();
}

function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    // A file where a directory would have to be.
    return false;
  }
}
