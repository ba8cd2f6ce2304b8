import type { CanonicalTransform } from "../canonical/context.ts";
import { pathTable } from "../document/path-table.ts";
import {
  toBoolean,
  toByteSize,
  toCount,
  toDuration,
  toFileMode,
  toInteger,
  toModeNumber,
  toNumber,
  toText,
} from "./scalars.ts";

const forEach = (paths: readonly string[], type: CanonicalTransform) =>
  Object.fromEntries(paths.map((path) => [path, type]));

const under = (parent: string, keys: string) => keys.split(" ").map((key) => `${parent}.${key}`);

/** The type of every attribute that is not simply what was written, whether written or put in by a variable. */
export const scalarTypes = pathTable<CanonicalTransform>({
  ...forEach(
    [
      ...under(
        "services.*",
        "attach init oom_kill_disable privileged read_only stdin_open tty use_api_socket",
      ),
      ...under("services.*.build", "no_cache privileged pull"),
      ...under("services.*.depends_on.*", "required restart"),
      ...under("services.*.volumes.*", "read_only bind.create_host_path volume.nocopy"),
      ...under("networks.*", "external internal attachable enable_ipv4 enable_ipv6"),
      "services.*.develop.watch.*.exec.privileged",
      "services.*.env_file.*.required",
      "services.*.healthcheck.disable",
      "services.*.post_start.*.privileged",
      "services.*.pre_start.*.per_replica",
      "services.*.pre_start.*.privileged",
      "services.*.pre_stop.*.privileged",
      "volumes.*.external",
      "secrets.*.external",
      "configs.*.external",
    ],
    toBoolean,
  ),
  ...forEach(
    [
      ...under("services.*", "cpu_count cpu_period cpu_quota cpu_rt_period cpu_rt_runtime cpu_shares"),
      ...under("services.*", "oom_score_adj pids_limit scale"),
      ...under("services.*.deploy", "replicas update_config.parallelism rollback_config.parallelism"),
      ...under("services.*.deploy", "restart_policy.max_attempts placement.max_replicas_per_node"),
      ...under("services.*.deploy.resources", "limits.pids reservations.pids"),
      "services.*.deploy.resources.reservations.generic_resources.*.discrete_resource_spec.value",
      ...under("services.*.ulimits.*", "soft hard"),
      ...under("services.*.build.ulimits.*", "soft hard"),
      ...under("services.*.networks.*", "priority gw_priority"),
      "services.*.blkio_config.weight",
      "services.*.blkio_config.weight_device.*.weight",
      "services.*.build.ulimits.*",
      "services.*.healthcheck.retries",
      "services.*.ports.*.target",
      "services.*.ulimits.*",
      "models.*.context_size",
    ],
    toInteger,
  ),
  ...forEach(
    [
      ...under("services.*", "cpus cpu_percent"),
      ...under("services.*.deploy", "update_config.max_failure_ratio rollback_config.max_failure_ratio"),
      ...under("services.*.deploy.resources", "limits.cpus reservations.cpus"),
    ],
    toNumber,
  ),
  ...forEach(
    [
      ...under(
        "services.*",
        "mem_limit mem_reservation mem_swappiness memswap_limit shm_size build.shm_size",
      ),
      ...under("services.*.blkio_config", "device_read_bps.*.rate device_read_iops.*.rate"),
      ...under("services.*.blkio_config", "device_write_bps.*.rate device_write_iops.*.rate"),
      ...under("services.*.deploy.resources", "limits.memory reservations.memory"),
      "services.*.volumes.*.tmpfs.size",
    ],
    toByteSize,
  ),
  ...forEach(
    [
      "services.*.stop_grace_period",
      ...under("services.*.healthcheck", "interval timeout start_period start_interval"),
      ...under("services.*.deploy.update_config", "delay monitor"),
      ...under("services.*.deploy.rollback_config", "delay monitor"),
      ...under("services.*.deploy.restart_policy", "delay window"),
    ],
    toDuration,
  ),
  ...forEach(
    ["services.*.secrets.*.mode", "services.*.configs.*.mode", "services.*.build.secrets.*.mode"],
    toFileMode,
  ),
  ...forEach(
    ["services.*.gpus.*.count", "services.*.deploy.resources.reservations.devices.*.count"],
    toCount,
  ),
  ...forEach(
    ["services.*.ports.*.published", "services.*.build.provenance", "services.*.build.sbom"],
    toText,
  ),
  "services.*.volumes.*.tmpfs.mode": toModeNumber,
});
