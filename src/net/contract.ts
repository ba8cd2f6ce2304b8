/** A network of one project, as allocated; stored in projects/<name>/project.json. */
export type AllocatedNetwork = {
  /** Key in the compose file. */
  readonly key: string;
  /** Full name, "project_default". */
  readonly name: string;
  readonly bridge: string;
  readonly subnet: string;
  readonly gateway: string;
  readonly internal: boolean;
  readonly mtu: number;
};

/** A name that resolves on a network to the addresses of its containers. */
export type DnsRecord = {
  readonly network: string;
  readonly name: string;
  readonly addresses: readonly string[];
};
