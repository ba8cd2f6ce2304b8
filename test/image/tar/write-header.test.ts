import { expect, it } from "vitest";
import { readTar } from "../../../src/image/tar/read-tar.ts";
import {
  encodeHeader,
  endOfArchive,
  paddingOf,
  type WrittenEntry,
} from "../../../src/image/tar/write-header.ts";

const entry: WrittenEntry = {
  name: "a",
  flag: "0",
  mode: 0o644,
  uid: 0,
  gid: 0,
  modified: 1_700_000_000,
  size: 0,
  link: "",
  major: 0,
  minor: 0,
  xattrs: [],
};

async function readBack(...entries: readonly WrittenEntry[]) {
  const parts = entries.flatMap((one) => {
    const content = Buffer.alloc(one.size, "x");
    return [encodeHeader(one), content, paddingOf(one.size)];
  });
  const read = [];
  const source = async function* () {
    yield Buffer.concat([...parts, endOfArchive()]);
  };
  for await (const { content: _, ...found } of readTar(source())) read.push(found);
  return read;
}

it("writes headers that are read back as they were meant", async () => {
  const long = `${"d/".repeat(90)}\xe4\xff`;
  const read = await readBack(
    { ...entry, size: 700, uid: 5_000_000, mode: 0o4755 },
    { ...entry, name: `${long}/`, flag: "5" },
    { ...entry, name: "l", flag: "2", link: long },
    { ...entry, name: "h", flag: "1", link: "a" },
    { ...entry, name: "n", flag: "3", major: 1, minor: 300 },
    { ...entry, name: "x", xattrs: [{ name: "security.capability", value: Buffer.from([1, 0, 10, 0xff]) }] },
  );
  expect(read).toMatchObject([
    {
      name: "a",
      type: "file",
      size: 700,
      uid: 5_000_000,
      mode: 0o4755,
      modified: { seconds: 1_700_000_000n },
    },
    { name: `${long}/`, type: "directory" },
    { name: "l", type: "symlink", link: long },
    { name: "h", type: "hardlink", link: "a" },
    { name: "n", type: "character", major: 1, minor: 300 },
    { name: "x", xattrs: [{ name: "security.capability", value: Buffer.from([1, 0, 10, 0xff]) }] },
  ]);
});
