import { pathTable } from "../document/path-table.ts";

const words = (list: string) => list.trim().split(/\s+/);

const updateConfig = words("parallelism delay failure_action monitor max_failure_ratio order");
const resources = words("cpus memory pids devices generic_resources");
const deviceRequest = words("capabilities driver count device_ids options");
const fileReference = words("source target uid gid mode");
const fileObject = words("name file environment content external labels driver driver_opts template_driver");
const hook = words("command image user privileged working_dir environment per_replica");

/**
 * The order in which Docker Compose prints the keys of each kind of mapping, where it is not the alphabet's: the same
 * order here makes the output of both comparable line by line.
 */
export const keyOrder = pathTable<readonly string[]>({
  "services.*": words(`
    profiles annotations attach build develop blkio_config cap_add cap_drop cgroup_parent cgroup cpu_count cpu_percent
    cpu_period cpu_quota cpu_rt_period cpu_rt_runtime cpus cpuset cpu_shares command configs container_name
    credential_spec depends_on deploy device_cgroup_rules devices dns dns_opt dns_search domainname entrypoint provider
    environment env_file expose extends external_links extra_hosts group_add gpus hostname healthcheck image init ipc
    isolation labels label_file links logging mem_limit mem_reservation memswap_limit mem_swappiness mac_address models
    network_mode networks oom_kill_disable oom_score_adj pid pids_limit platform ports privileged pull_policy
    pull_refresh_after read_only restart runtime scale secrets security_opt shm_size stdin_open stop_grace_period
    stop_signal storage_opt sysctls tmpfs tty ulimits use_api_socket user userns_mode uts volumes volumes_from
    working_dir pre_start post_start pre_stop`),
  "services.*.blkio_config": words(
    "weight weight_device device_read_bps device_read_iops device_write_bps device_write_iops",
  ),
  "services.*.build": words(`
    context dockerfile dockerfile_inline entitlements args provenance sbom ssh labels cache_from cache_to no_cache
    no_cache_filter additional_contexts pull extra_hosts isolation network target secrets shm_size tags ulimits
    platforms privileged`),
  "services.*.build.secrets.*": fileReference,
  "services.*.build.ulimits.*": words("soft hard"),
  "services.*.configs.*": fileReference,
  "services.*.depends_on.*": words("condition restart required"),
  "services.*.deploy": words(`
    mode replicas labels update_config rollback_config resources restart_policy placement endpoint_mode`),
  "services.*.deploy.placement": words("constraints preferences max_replicas_per_node"),
  "services.*.deploy.resources.limits": resources,
  "services.*.deploy.resources.reservations": resources,
  "services.*.deploy.resources.reservations.devices.*": deviceRequest,
  "services.*.deploy.restart_policy": words("condition delay max_attempts window"),
  "services.*.deploy.rollback_config": updateConfig,
  "services.*.deploy.update_config": updateConfig,
  "services.*.develop.watch.*": words("path action target exec include ignore initial_sync"),
  "services.*.develop.watch.*.exec": hook,
  "services.*.devices.*": words("source target permissions"),
  "services.*.gpus.*": deviceRequest,
  "services.*.healthcheck": words("test timeout interval retries start_period start_interval disable"),
  "services.*.networks.*": words(`
    aliases driver_opts gw_priority interface_name ipv4_address ipv6_address link_local_ips mac_address priority`),
  "services.*.ports.*": words("name mode host_ip target published protocol app_protocol"),
  "services.*.post_start.*": hook,
  "services.*.pre_start.*": hook,
  "services.*.pre_stop.*": hook,
  "services.*.provider": words("type options"),
  "services.*.secrets.*": fileReference,
  "services.*.ulimits.*": words("soft hard"),
  "services.*.volumes.*": words("type source target read_only consistency bind volume tmpfs image"),
  "services.*.volumes.*.bind": words("selinux propagation create_host_path recursive"),
  "services.*.volumes.*.tmpfs": words("size mode"),
  "networks.*": words(
    "name driver driver_opts ipam external internal attachable labels enable_ipv4 enable_ipv6",
  ),
  "networks.*.ipam": words("driver config options"),
  "networks.*.ipam.config.*": words("subnet gateway ip_range aux_addresses"),
  "volumes.*": words("name driver driver_opts external labels"),
  "configs.*": fileObject,
  "secrets.*": fileObject,
  "models.*": words("name model context_size runtime_flags"),
});

/** The order of the sections; extensions come last. */
export const sectionOrder = words("name services networks volumes secrets configs models");
