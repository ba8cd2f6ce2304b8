/** Mount options by name as mount(2) flags; what is not here is data for the file system. */
const FLAGS: Readonly<Record<string, bigint>> = {
  ro: 1n,
  rw: 0n,
  suid: 0n,
  nosuid: 2n,
  dev: 0n,
  nodev: 4n,
  exec: 0n,
  noexec: 8n,
  sync: 16n,
  noatime: 1024n,
  nodiratime: 2048n,
  strictatime: 1n << 24n,
  relatime: 1n << 21n,
  bind: 4096n,
  rbind: 4096n | 16384n,
};

/** What an option takes back: the later of two wins. */
const OPPOSITE: Readonly<Record<string, bigint>> = { rw: 1n, suid: 2n, dev: 4n, exec: 8n };

const PROPAGATION: Readonly<Record<string, bigint>> = {
  private: 1n << 18n,
  rprivate: (1n << 18n) | 16384n,
  slave: 1n << 19n,
  rslave: (1n << 19n) | 16384n,
  shared: 1n << 20n,
  rshared: (1n << 20n) | 16384n,
};

/** Splits mount options into flags, propagation and the rest. */
export function mountFlags(options: readonly string[]): {
  readonly flags: bigint;
  readonly propagation: bigint;
  readonly data: string;
} {
  let flags = 0n;
  let propagation = 0n;
  const data: string[] = [];
  for (const option of options) {
    if (Object.hasOwn(FLAGS, option)) flags = (flags & ~(OPPOSITE[option] ?? 0n)) | FLAGS[option]!;
    else if (Object.hasOwn(PROPAGATION, option)) propagation = PROPAGATION[option]!;
    else data.push(option);
  }
  return { flags, propagation, data: data.join(",") };
}
