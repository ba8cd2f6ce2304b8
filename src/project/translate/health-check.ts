import type { Healthcheck } from "../../compose/index.ts";
import type { ImageConfig } from "../../image/index.ts";
import { parseDuration } from "../../lib/duration.ts";
import type { HealthcheckConfig } from "../../runtime/index.ts";

/** The health check in force: the service's over the image's, key by key, then Docker's defaults. */
export function healthCheck(
  service: Healthcheck | undefined,
  image: ImageConfig["Healthcheck"],
): HealthcheckConfig | undefined {
  if (service?.disable) return undefined;
  const argv = probeArguments(service?.test ?? image?.Test ?? []);
  if (!argv) return undefined;
  return {
    argv,
    interval: milliseconds(service?.interval, image?.Interval, 30_000),
    timeout: milliseconds(service?.timeout, image?.Timeout, 30_000),
    retries: service?.retries || image?.Retries || 3,
    startPeriod: milliseconds(service?.start_period, image?.StartPeriod, 0),
    startInterval: milliseconds(service?.start_interval, image?.StartInterval, 5_000),
  };
}

function probeArguments(test: readonly string[]): string[] | undefined {
  const [form, ...rest] = test;
  if (form === "CMD" && rest.length > 0) return rest;
  if (form === "CMD-SHELL" && rest.length > 0) return ["/bin/sh", "-c", rest.join(" ")];
  return undefined;
}

/** Zero and absent both mean the default, as in Docker; the image's are in nanoseconds. */
function milliseconds(service: string | undefined, image: number | undefined, fallback: number): number {
  return (service && parseDuration(service)) || (image ?? 0) / 1e6 || fallback;
}
