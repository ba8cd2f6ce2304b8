import { posix } from "node:path";
import type { Project, Service } from "../../compose/index.ts";
import { GantryError } from "../../lib/diagnostic.ts";
import type { GivenFile } from "../../runtime/index.ts";
import { lastingSource, type Section } from "../contents/contents.ts";

/** The files that configs and secrets are in a container of the service, with Compose's defaults for what is not said. */
export function givenFiles(project: Project, name: string, service: Service): GivenFile[] {
  return (["configs", "secrets"] as const).flatMap((section) =>
    (service[section] ?? []).map((reference): GivenFile => {
      const { source, target, uid = "0", gid = "0", mode = "0444" } = reference;
      const from = lastingSource(project, section, source);
      return {
        section,
        key: source,
        target: absoluteTarget(section, target || source),
        uid: numericId(name, section, "uid", uid),
        gid: numericId(name, section, "gid", gid),
        mode: Number.parseInt(mode, 8),
        ...(from && { from }),
      };
    }),
  );
}

function absoluteTarget(section: Section, target: string): string {
  return posix.resolve(section === "secrets" ? "/run/secrets" : "/", target);
}

function numericId(service: string, section: Section, key: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new GantryError("invalid-owner", `service ${service}: ${section}: ${key} ${text} is not a number`, {
    hint: "names of users and groups are those of the image: give their numbers",
  });
}
