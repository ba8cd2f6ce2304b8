import type { Project } from "../../compose/index.ts";

/** With `--compatibility` images that are built and have no name are called shop_web rather than shop-web. */
export function withNamesOfVersion1(project: Project): Project {
  const services = Object.entries(project.services).map(([name, service]) => {
    return [name, service.image === undefined ? { ...service, image: `${project.name}_${name}` } : service];
  });
  return { ...project, services: Object.fromEntries(services) };
}
