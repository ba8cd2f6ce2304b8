import type { Project } from "../../compose/index.ts";

/** The image name of each service: its own, or Docker Compose's name for the one it builds. */
export const imageNameOf = (project: Project, service: string): string =>
  project.services[service]?.image ?? `${project.name}-${service}`;
