import type { ContainerRecord } from "../../runtime/index.ts";

/** How a container is called in front of its output: its name without the project's, as Docker Compose does. */
export function containerLabel({ name, project }: Pick<ContainerRecord, "name" | "project">): string {
  return /^[-_]/.test(name.slice(project.length)) && name.startsWith(project)
    ? name.slice(project.length + 1)
    : name;
}
