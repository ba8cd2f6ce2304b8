import type { Network, Project, Service, Volume } from "../../compose/index.ts";

/**
 * The project as a copy that shares nothing by name with another copy: what has a name of its own in the files gets one
 * of the project's. What is external stays: it is meant to be shared.
 */
export function withOwnNames(project: Project): Project {
  return {
    ...project,
    networks: renamed(project.name, project.networks),
    volumes: renamed(project.name, project.volumes),
  };
}

/** The project with every published port on whatever port of the host is free. */
export function withFreePorts(project: Project): Project {
  const services = Object.entries(project.services).map(([name, service]): [string, Service] => [
    name,
    service.ports ? { ...service, ports: service.ports.map(({ published: _, ...port }) => port) } : service,
  ]);
  return { ...project, services: Object.fromEntries(services) };
}

function renamed<T extends Network | Volume>(
  project: string,
  things: Readonly<Record<string, T>>,
): Readonly<Record<string, T>> {
  return Object.fromEntries(
    Object.entries(things).map(([key, thing]) => {
      const isOwn = thing.name.startsWith(`${project}_`);
      return [key, thing.external || isOwn ? thing : { ...thing, name: `${project}_${key}` }];
    }),
  );
}
