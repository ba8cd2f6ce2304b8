import { pathTable } from "../document/path-table.ts";
import { toCommand, toHealthcheckTest } from "./commands.ts";
import type { CanonicalTransform } from "./context.ts";
import { toHosts } from "./hosts.ts";
import {
  toDependencies,
  toList,
  toListOfFilled,
  toMapOfNames,
  toStringList,
  toStringMap,
  toVariables,
} from "./lists-and-maps.ts";
import { toDevice, toEnvFiles, toExternal, toGpus, toMapWith, toNamedValues } from "./mappings.ts";
import { toPorts } from "./ports.ts";
import { cleanTarget, toVolumeMount } from "./volumes.ts";

const volumeMount: CanonicalTransform = (node, path, context) => {
  const mount = toVolumeMount(node, path, context);
  return mount && cleanTarget(mount, path, context);
};

/** Every attribute that has a short form, or a list form and a map form, and what makes it canonical. */
export const canonicalForms = pathTable<CanonicalTransform>({
  "services.*.annotations": toStringMap,
  "services.*.build": toMapWith("context"),
  "services.*.build.additional_contexts": toNamedValues,
  "services.*.build.args": toVariables,
  "services.*.build.extra_hosts": toHosts,
  "services.*.build.labels": toStringMap,
  "services.*.build.no_cache_filter": toList,
  "services.*.build.secrets.*": toMapWith("source"),
  "services.*.build.ssh": toNamedValues,
  "services.*.command": toCommand,
  "services.*.configs.*": toMapWith("source"),
  "services.*.depends_on": toDependencies,
  "services.*.deploy.labels": toStringMap,
  "services.*.deploy.resources.reservations.devices.*.options": toStringMap,
  "services.*.develop.watch.*.exec.command": toCommand,
  "services.*.develop.watch.*.exec.environment": toVariables,
  "services.*.develop.watch.*.ignore": toList,
  "services.*.develop.watch.*.include": toList,
  "services.*.devices.*": toDevice,
  "services.*.dns": toListOfFilled,
  "services.*.dns_search": toList,
  "services.*.entrypoint": toCommand,
  "services.*.env_file": toEnvFiles,
  "services.*.environment": toVariables,
  "services.*.expose": toStringList,
  "services.*.extends": toMapWith("service"),
  "services.*.extra_hosts": toHosts,
  "services.*.gpus": toGpus,
  "services.*.gpus.*.options": toStringMap,
  "services.*.group_add": toStringList,
  "services.*.healthcheck.test": toHealthcheckTest,
  "services.*.label_file": toList,
  "services.*.labels": toStringMap,
  "services.*.logging.options": toStringMap,
  "services.*.models": toMapOfNames,
  "services.*.networks": toMapOfNames,
  "services.*.networks.*.driver_opts": toStringMap,
  "services.*.ports": toPorts,
  "services.*.post_start.*.command": toCommand,
  "services.*.post_start.*.environment": toVariables,
  "services.*.pre_start.*.command": toCommand,
  "services.*.pre_start.*.environment": toVariables,
  "services.*.pre_stop.*.command": toCommand,
  "services.*.pre_stop.*.environment": toVariables,
  "services.*.secrets.*": toMapWith("source"),
  "services.*.storage_opt": toStringMap,
  "services.*.sysctls": toStringMap,
  "services.*.tmpfs": toList,
  "services.*.volumes.*": volumeMount,
  "services.*.volumes.*.volume.labels": toStringMap,
  "networks.*": toExternal,
  "networks.*.driver_opts": toStringMap,
  "networks.*.labels": toStringMap,
  "volumes.*": toExternal,
  "volumes.*.driver_opts": toStringMap,
  "volumes.*.labels": toStringMap,
  "configs.*": toExternal,
  "configs.*.labels": toStringMap,
  "secrets.*": toExternal,
  "secrets.*.driver_opts": toStringMap,
  "secrets.*.labels": toStringMap,
  "include.*": toMapWith("path"),
  "include.*.path": toList,
  "include.*.env_file": toList,
});
