import { createReadStream } from "node:fs";
import { loadArchive } from "../../../src/image/index.ts";
import { temporaryStore } from "./fixtures.ts";

// A command that loads an archive: node load-child.ts ROOT ARCHIVE. The root is the parent's to remove.
const [root, archive] = process.argv.slice(2);
const store = temporaryStore(root!);
await loadArchive(store, createReadStream(archive!));
store.database.close();
