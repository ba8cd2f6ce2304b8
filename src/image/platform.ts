import type { Descriptor, Platform } from "./oci.ts";

const ARCHITECTURES: Readonly<Record<string, string>> = {
  x64: "amd64",
  arm64: "arm64",
  arm: "arm",
  ia32: "386",
};

/** The platform images must be for to run here, in the OCI's words. */
export function hostPlatform(): Platform {
  return { os: "linux", architecture: ARCHITECTURES[process.arch] ?? process.arch };
}

/**
 * The descriptor for a platform. One that names no platform is taken when it is the only choice; attestations, whose
 * platform is "unknown", never are.
 */
export function choosePlatform(descriptors: readonly Descriptor[], wanted: Platform): Descriptor | undefined {
  const candidates = descriptors.filter((descriptor) => descriptor.platform?.os !== "unknown");
  const fitting = candidates.filter(
    ({ platform }) => platform?.os === wanted.os && platform.architecture === wanted.architecture,
  );
  // Of several variants the plainest one runs on all machines of the architecture.
  const plainest = fitting.find(({ platform }) => platform?.variant === undefined) ?? fitting[0];
  if (plainest) return plainest;
  return candidates.length === 1 && candidates[0]!.platform === undefined ? candidates[0] : undefined;
}
