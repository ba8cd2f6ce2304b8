import type { Service } from "../../compose/index.ts";
import type { Image } from "../../image/index.ts";
import { GantryError } from "../../lib/diagnostic.ts";

/** Refuses what a container of the service would have to have, and cannot have here: better none than one without. */
export function refuseImpossible(name: string, service: Service, image: Image): void {
  const { storage_opt, isolation, credential_spec, platform } = service;
  if (service.use_api_socket) throw noEngine(name);
  if (storage_opt && Object.keys(storage_opt).length > 0) throw noQuota(name);
  if (isolation && isolation !== "default") throw forWindows(name, "isolation");
  if (credential_spec) throw forWindows(name, "credential_spec");
  if (platform && !isFor(image, platform)) throw otherPlatform(name, platform, image);
}

/** "linux/arm64/v8"; the variant is the processor's own business. */
function isFor({ os, architecture }: Image, platform: string): boolean {
  const [wantedOs, wantedArchitecture] = platform.includes("/") ? platform.split("/") : ["linux", platform];
  return wantedOs === os && wantedArchitecture === architecture;
}

function noEngine(service: string): GantryError {
  return new GantryError(
    "api-socket-unsupported",
    `service ${service}: use_api_socket: there is no engine here to talk to`,
    { hint: "remove it; a Docker Engine of this host can be reached by a bind of /var/run/docker.sock" },
  );
}

function noQuota(service: string): GantryError {
  return new GantryError(
    "storage-opt-unsupported",
    `service ${service}: storage_opt: there are no quotas here`,
    {
      hint: "remove it; Docker, too, has it only on xfs with project quotas",
    },
  );
}

function forWindows(service: string, key: string): GantryError {
  return new GantryError("windows-only", `service ${service}: ${key} is for Windows containers only`, {
    hint: "remove it: gantry runs Linux containers",
  });
}

function otherPlatform(service: string, platform: string, { os, architecture }: Image): GantryError {
  return new GantryError(
    "image-platform",
    `service ${service}: platform is ${platform}, and its image is for ${os}/${architecture}`,
    { hint: "take the image for that platform, or correct platform" },
  );
}
