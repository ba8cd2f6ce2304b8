import { pathTable } from "../document/path-table.ts";
import type { Rule } from "./context.ts";
import { mountTargetsDiffer } from "./mounts.ts";
import { networkOptionsAreKnown, placeOptionsAreKnown } from "./networks.ts";
import { hostAddressIsValid, hostPortsDiffer } from "./ports.ts";
import { checkContainerNames, checkGraph } from "./project-rules.ts";
import {
  contextServiceExists,
  definedIn,
  dependencyExists,
  modeRefersToService,
  namesItsSource,
  volumesFromExists,
} from "./references.ts";
import { checkFileObject, checkVolume } from "./resources.ts";
import {
  buildsOwnPlatform,
  hasSource,
  hasType,
  healthcheckHasKind,
  networkModeExcludesNetworks,
  networkModeExcludesPorts,
  oneDockerfile,
  scaleAgrees,
  usernsModeIsHost,
  watchHasTarget,
} from "./services.ts";
import { addressesAreValid, deviceRequest, limitsAgree, restartIsKnown } from "./values.ts";

/** Checks that need more than one value, or that the schema cannot say, by the path they look at. */
export const rules = pathTable<readonly Rule[]>({
  services: [checkGraph, checkContainerNames],
  "services.*": [
    hasSource,
    buildsOwnPlatform,
    networkModeExcludesNetworks,
    networkModeExcludesPorts,
    scaleAgrees,
    limitsAgree,
    mountTargetsDiffer,
  ],
  "services.*.build": [oneDockerfile],
  "services.*.build.additional_contexts.*": [contextServiceExists],
  "services.*.configs.*": [namesItsSource, definedIn("configs", "source")],
  "services.*.secrets.*": [namesItsSource, definedIn("secrets", "source")],
  "services.*.build.secrets.*": [namesItsSource, definedIn("secrets", "source")],
  "services.*.depends_on.*": [dependencyExists],
  "services.*.deploy.resources.reservations.devices.*": [deviceRequest],
  "services.*.develop.watch.*": [watchHasTarget],
  "services.*.gpus.*": [deviceRequest],
  "services.*.healthcheck.test": [healthcheckHasKind],
  "services.*.ipc": [modeRefersToService],
  "services.*.models.*": [definedIn("models")],
  "services.*.network_mode": [modeRefersToService],
  "services.*.networks.*": [definedIn("networks"), addressesAreValid, placeOptionsAreKnown],
  "services.*.pid": [modeRefersToService],
  "services.*.ports": [hostPortsDiffer],
  "services.*.ports.*": [hostAddressIsValid],
  "services.*.provider": [hasType("type")],
  "services.*.restart": [restartIsKnown],
  "services.*.userns_mode": [usernsModeIsHost],
  "services.*.uts": [modeRefersToService],
  "services.*.cgroup": [modeRefersToService],
  "services.*.volumes.*": [definedIn("volumes", "source")],
  "services.*.volumes_from.*": [volumesFromExists],
  "configs.*": [checkFileObject(["file", "environment", "content"])],
  "secrets.*": [checkFileObject(["file", "environment"])],
  "networks.*": [networkOptionsAreKnown],
  "volumes.*": [checkVolume],
  "models.*": [hasType("model")],
});
