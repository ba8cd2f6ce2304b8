import { readdirSync } from "node:fs";
import { join } from "node:path";
import { Option } from "commander";
import { imageUsage } from "../../../image/index.ts";
import { containerDirectory, volumeDirectory } from "../../../lib/paths.ts";
import { treeSize } from "../../../lib/tree-size.ts";
import { isUp, type ObservedContainer, projectContainers, projectNames } from "../../../project/index.ts";
import { imageUsers } from "../../images/image-users.ts";
import { humanSize } from "../../render/byte-size.ts";
import { renderTable } from "../../render/table.ts";
import type { Session } from "../../session.ts";
import { defineVerb } from "../../verb.ts";
import { withImageStore } from "../image/store.ts";

type Line = {
  readonly type: string;
  readonly total: number;
  readonly active: number;
  readonly size: number;
  readonly reclaimable: number;
};

/** `gantry system df` */
export const systemDf = defineVerb<{ readonly format: "table" | "json" }>({
  name: "df",
  summary: "Show what gantry takes of the disk",
  declare: (command) =>
    command.addOption(
      new Option("--format <format>", "Format of the output").choices(["table", "json"]).default("table"),
    ),
  run: async (session, _operands, { format }) => {
    const containers = projectNames(session.roots).flatMap((name) => projectContainers(session.roots, name));
    const images = await withImageStore(session, (store) => imageUsage(store, imageUsers(session)));
    const lines: Line[] = [
      { type: "Images", ...images },
      await containerLine(session, containers),
      await volumeLine(session, containers),
      await blobLine(session),
    ];
    session.stdout.write(format === "json" ? lines.map(jsonLine).join("") : table(lines));
    return undefined;
  },
});

/** What containers wrote into their own layers, and their logs. */
async function containerLine(session: Session, containers: readonly ObservedContainer[]): Promise<Line> {
  const sizes = await Promise.all(
    containers.map(async ({ record }) => treeSize(containerDirectory(session.roots, record.id))),
  );
  const isActive = containers.map((container) => isUp(container));
  const idle = sizes.filter((_size, index) => !isActive[index]);
  const active = isActive.filter(Boolean).length;
  return { type: "Containers", total: sizes.length, active, size: sum(sizes), reclaimable: sum(idle) };
}

async function volumeLine(session: Session, containers: readonly ObservedContainer[]): Promise<Line> {
  const used = new Set(containers.flatMap(({ record }) => record.mounts.map(({ source }) => source)));
  const names = namesIn(join(session.roots.data, "volumes"));
  const sizes = await Promise.all(names.map((name) => treeSize(volumeDirectory(session.roots, name))));
  const idle = sizes.filter((_size, index) => !used.has(names[index]!));
  const active = names.filter((name) => used.has(name)).length;
  return { type: "Local Volumes", total: names.length, active, size: sum(sizes), reclaimable: sum(idle) };
}

/** Layers as they travelled, manifests: what pushing and saving need. They go with their images. */
async function blobLine(session: Session): Promise<Line> {
  const directory = join(session.roots.data, "blobs/sha256");
  const { length: total } = namesIn(directory);
  return { type: "Blobs", total, active: total, size: await treeSize(directory), reclaimable: 0 };
}

function table(lines: readonly Line[]): string {
  const rows = lines.map(({ type, total, active, size, reclaimable }) => [
    type,
    String(total),
    String(active),
    humanSize(size),
    size === 0 ? humanSize(0) : `${humanSize(reclaimable)} (${Math.floor((reclaimable / size) * 100)}%)`,
  ]);
  return renderTable(["TYPE", "TOTAL", "ACTIVE", "SIZE", "RECLAIMABLE"], rows);
}

/** The fields of `docker system df --format json`. */
const jsonLine = ({ type, total, active, size, reclaimable }: Line): string =>
  `${JSON.stringify({
    Active: String(active),
    Reclaimable: humanSize(reclaimable),
    Size: humanSize(size),
    TotalCount: String(total),
    Type: type,
  })}\n`;

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory).filter((name) => !name.startsWith("."));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
