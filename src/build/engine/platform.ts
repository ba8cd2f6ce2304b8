import { hostPlatform } from "../../image/index.ts";

type Platform = { readonly os: string; readonly architecture: string; readonly variant?: string };

/** "linux/arm64/v8" */
const platformName = ({ os, architecture, variant }: Platform): string =>
  [os, architecture, ...(variant === undefined ? [] : [variant])].join("/");

/** Arguments that say what is built for and where: a stage has them when it declares them. */
export function platformArguments(target: string | undefined): Readonly<Record<string, string>> {
  const platform = hostPlatform();
  const describe = (prefix: string) => ({
    [`${prefix}PLATFORM`]: platformName(platform),
    [`${prefix}OS`]: platform.os,
    [`${prefix}ARCH`]: platform.architecture,
    [`${prefix}VARIANT`]: platform.variant ?? "",
  });
  return { ...describe("TARGET"), ...describe("BUILD"), TARGETSTAGE: target ?? "default" };
}
