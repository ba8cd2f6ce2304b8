import type { Service } from "../../compose/index.ts";
import type { ContainerRecord, ResourceLimits } from "../../runtime/index.ts";
import { stopGracePeriod } from "./record.ts";
import { resourceLimits } from "./resources.ts";
import { restartPolicy } from "./restart-policy.ts";

/** What a container that stays is given of a definition that has changed. */
export const translateUpdate = (
  record: ContainerRecord,
  service: Service,
): { readonly record: ContainerRecord; readonly limits: ResourceLimits } => ({
  record: {
    ...record,
    restart: restartPolicy(service),
    stopGracePeriod: stopGracePeriod(service),
  },
  limits: resourceLimits(service),
});
