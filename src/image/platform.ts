import { GantryError } from "../lib/diagnostic.ts";
import type { Descriptor, Platform } from "./oci.ts";

const ARCHITECTURES: Readonly<Record<string, string>> = {
  x64: "amd64",
  arm64: "arm64",
  arm: "arm",
  ia32: "386",
};

/** Other words people use for architectures. */
const SYNONYMS: Readonly<Record<string, string>> = {
  x86_64: "amd64",
  "x86-64": "amd64",
  aarch64: "arm64",
  i386: "386",
  armhf: "arm/v7",
  armel: "arm/v6",
};

/** What an architecture's variant is when nothing is said (OCI image-spec, image-index.md). */
const USUAL_VARIANT: Readonly<Record<string, string>> = { arm64: "v8", arm: "v7", amd64: "v1" };

/** The platform images must be for to run here, in the OCI's words. */
export function hostPlatform(): Platform {
  return { os: "linux", architecture: ARCHITECTURES[process.arch] ?? process.arch };
}

/** Reads "linux/arm64/v8", "arm64"; what is left out is this machine's. */
export function parsePlatform(text: string): Platform {
  const parts = text.toLowerCase().split("/");
  const [os, ...rest] = parts.length === 1 && parts[0] !== "linux" ? ["linux", ...parts] : parts;
  const [architecture, variant] = (rest.length === 0 ? [hostPlatform().architecture] : rest).flatMap(
    (part, index) => (index === 0 ? (SYNONYMS[part] ?? part).split("/") : [part]),
  );
  const isValid =
    rest.length <= 2 &&
    [os, architecture, variant].every((part) => part === undefined || /^[\w.-]+$/.test(part));
  if (!os || !architecture || !isValid) {
    throw new GantryError("invalid-platform", `"${text}" is not a platform`, {
      hint: "A platform looks like linux/amd64 or linux/arm/v7.",
    });
  }
  return { os, architecture, ...(variant === undefined ? {} : { variant }) };
}

/** "linux/arm/v7" */
export const platformText = ({ os, architecture, variant }: Platform) =>
  [os, architecture, ...(variant === undefined ? [] : [variant])].join("/");

/** Whether an image for `offered` runs where `wanted` is asked for: same architecture, no newer variant of it. */
export function runsOn(offered: Platform, wanted: Platform): boolean {
  if (offered.os !== wanted.os || offered.architecture !== wanted.architecture) return false;
  return variantNumber(offered) <= variantNumber(wanted);
}

/**
 * The descriptor for a platform: of those whose variant the platform runs, the newest; an arm64 machine has no v7. One
 * that names no platform is taken when it is the only choice; attestations, whose platform is "unknown", never are.
 */
export function choosePlatform(descriptors: readonly Descriptor[], wanted: Platform): Descriptor | undefined {
  const candidates = descriptors.filter((descriptor) => descriptor.platform?.os !== "unknown");
  const fitting = candidates.filter(({ platform }) => platform && runsOn(platform, wanted));
  const [best] = fitting.toSorted((one, other) => rank(other.platform!) - rank(one.platform!));
  if (best) return best;
  return candidates.length === 1 && candidates[0]!.platform === undefined ? candidates[0] : undefined;
}

/** Of two that are the same, the one that does not name what is usual comes first. */
const rank = (platform: Platform) => variantNumber(platform) * 2 + (platform.variant === undefined ? 1 : 0);

/** "v7" → 7 */
function variantNumber({ architecture, variant = USUAL_VARIANT[architecture] }: Platform): number {
  return Number(/^v?(\d+)/.exec(variant ?? "")?.[1] ?? 0);
}
