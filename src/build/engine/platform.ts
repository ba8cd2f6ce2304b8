import { readFileSync } from "node:fs";
import { hostPlatform, type Platform, platformText, runsOn } from "../../image/index.ts";

/** Arguments that say what is built for and where: a stage has them when it declares them. */
export function platformArguments(
  stage: string | undefined,
  target: Platform,
): Readonly<Record<string, string>> {
  const describe = (prefix: string, platform: Platform) => ({
    [`${prefix}PLATFORM`]: platformText(platform),
    [`${prefix}OS`]: platform.os,
    [`${prefix}ARCH`]: platform.architecture,
    [`${prefix}VARIANT`]: platform.variant ?? "",
  });
  return {
    ...describe("TARGET", target),
    ...describe("BUILD", hostPlatform()),
    TARGETSTAGE: stage ?? "default",
  };
}

/** QEMU's names of architectures, where they are not the OCI's: what Debian and others register with the kernel. */
const EMULATORS: Readonly<Record<string, string>> = {
  arm64: "aarch64",
  amd64: "x86_64",
  386: "i386",
  ppc64le: "ppc64le",
};

/** Whether the kernel runs programs of that platform: its own, or by an emulator registered in binfmt_misc. */
export function canRun(platform: Platform): boolean {
  const host = hostPlatform();
  if (platform.os !== host.os) return false;
  if (runsOn(platform, host)) return true;
  if (host.architecture === platform.architecture) return true;
  if (host.architecture === "amd64" && platform.architecture === "386") return true;
  const name = EMULATORS[platform.architecture] ?? platform.architecture;
  try {
    return readFileSync(`/proc/sys/fs/binfmt_misc/qemu-${name}`, "utf8").startsWith("enabled");
  } catch {
    return false;
  }
}
