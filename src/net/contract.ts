import type { Op } from "../lib/launch-plan/index.ts";

/** A network of one project, as allocated; stored in projects/<name>/project.json. */
export type AllocatedNetwork = {
  /** Key in the compose file. */
  readonly key: string;
  /** Full name, "project_default". */
  readonly name: string;
  readonly bridge: string;
  /** IPv4's, or IPv6's on a network without IPv4. */
  readonly subnet: string;
  readonly gateway: string;
  /** Addresses that are not given in the files come from here; absent: from the whole subnet. */
  readonly ipRange?: string;
  /** The IPv6 side, when the network has one beside IPv4. */
  readonly ipv6?: { readonly subnet: string; readonly gateway: string; readonly ipRange?: string };
  /** `aux_addresses`: never given to a container. */
  readonly reserved?: readonly string[];
  readonly internal: boolean;
  /** Containers of the network cannot talk to each other (driver option enable_icc: false). */
  readonly isolated?: boolean;
  /** 0: the kernel's default. */
  readonly mtu: number;
  /** Other projects may be on it too; the gateway is this project's own, and addresses come from a common table. */
  readonly shared?: boolean;
  /** Its containers have links of their own on an interface of the host; there is no bridge, and no name server. */
  readonly direct?: DirectLink;
};

/** How containers of a macvlan or ipvlan network are put on an interface of the host: the kernel's numbers. */
export type DirectLink = {
  readonly kind: "macvlan" | "ipvlan";
  readonly parent: string;
  readonly mode: number;
  readonly flags: number;
};

/** What a network is asked to be: the part of the Compose model's network that allocation reads. */
export type NetworkDefinition = {
  readonly name: string;
  readonly internal?: boolean;
  readonly enable_ipv4?: boolean;
  readonly enable_ipv6?: boolean;
  readonly driver?: string;
  readonly driver_opts?: Readonly<Record<string, string>>;
  readonly ipam?: {
    readonly config?: readonly {
      readonly subnet?: string;
      readonly ip_range?: string;
      readonly gateway?: string;
      readonly aux_addresses?: Readonly<Record<string, string>>;
    }[];
  };
};

/** A container's place on one network, before its interface exists. */
export type Attachment = {
  readonly network: AllocatedNetwork;
  /** As AddressPool gave them: IPv4 first, IPv6 when the network has it. */
  readonly addresses: readonly string[];
  /** Absent: derived from the address. */
  readonly macAddress?: string;
  /** Absent: eth0, eth1 … in order. */
  readonly interfaceName?: string;
  /** The highest wins the default route (Compose `gw_priority`). */
  readonly gatewayPriority?: number;
  /** Kernel parameters of the interface: "net.ipv4.conf.IFNAME.log_martians=1". */
  readonly sysctls?: readonly string[];
  /** The highest is connected first (Compose `priority`). */
  readonly priority?: number;
};

/** How a container is reached on one network; src/runtime carries out the operations inside the container. */
export type Endpoint = {
  readonly network: string;
  readonly interfaceName: string;
  readonly addresses: readonly string[];
  readonly macAddress: string;
  readonly ops: readonly Op[];
};

/** A container as the name server knows it. */
export type NamedContainer = {
  readonly id: string;
  /** Full container name, "shop-web-1": what a reverse look-up answers. */
  readonly name: string;
  /** Names valid on every network of the container: see `containerNames`. */
  readonly names: readonly string[];
  readonly networks: readonly {
    /** Full name of the network. */
    readonly network: string;
    readonly addresses: readonly string[];
    /** Names valid on this network only. */
    readonly aliases: readonly string[];
  }[];
  /** Names that it alone uses, and which other name each stands for (`links`). */
  readonly links?: Readonly<Record<string, string>>;
  /** `dns:` of the service: asked instead of the host's resolvers. */
  readonly resolvers?: readonly string[];
};

/** A port to publish, not bound yet. Ports 0 mean: any free one; first and last differ for a range to choose from. */
export type PortRequest = {
  /** "" is every address of the host, IPv4 and IPv6. */
  readonly hostIp: string;
  readonly firstHostPort: number;
  readonly lastHostPort: number;
  readonly containerPort: number;
  readonly protocol: "tcp" | "udp";
};

/** A bound port. */
export type BoundPort = {
  readonly hostIp: string;
  readonly hostPort: number;
  readonly containerPort: number;
  readonly protocol: "tcp" | "udp";
};
