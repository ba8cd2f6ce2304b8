/** What a container is called. */
export type ContainerNaming = {
  readonly project: string;
  readonly service: string;
  readonly containerName: string;
  readonly id: string;
};

/**
 * The names of a container on every network it is on: its service, its own name, its short id as with Docker, and
 * service and container within the project ("db.shop"), which stay unambiguous where projects share a network.
 */
export function containerNames({ project, service, containerName, id }: ContainerNaming): string[] {
  const plain = [service, containerName];
  return [...new Set([...plain, id.slice(0, 12), ...plain.map((name) => `${name}.${project}`)])];
}
