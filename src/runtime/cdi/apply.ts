import { GantryError } from "../../lib/diagnostic.ts";
import type { BindSetting, ContainerSettings, DeviceRequest } from "../settings.ts";
import { type CdiDevice, type CdiEdits, isCdiName, readCdiDevices } from "./registry.ts";

/**
 * The settings with the devices that CDI files describe: those named like vendor.com/class=name under `devices`, and
 * those asked for by what they can do (`gpus`, `deploy.resources.reservations.devices`).
 */
export function withCdiDevices(
  settings: ContainerSettings,
  read: () => ReadonlyMap<string, CdiDevice> = readCdiDevices,
): ContainerSettings {
  const requests = settings.deviceRequests ?? [];
  const named = settings.devices.filter(({ source }) => isCdiName(source)).map(({ source }) => source);
  if (named.length === 0 && requests.length === 0) return settings;
  const known = read();
  const names = [...named, ...requests.flatMap((request) => answer(request, known))];
  const edits = [...new Set(names.map((name) => deviceNamed(name, known)).flatMap((device) => device.edits))];
  return edits.reduce(applyEdits, {
    ...settings,
    devices: settings.devices.filter(({ source }) => !isCdiName(source)),
    deviceRequests: [],
  });
}

function applyEdits(settings: ContainerSettings, edits: CdiEdits): ContainerSettings {
  const nodes = (edits.deviceNodes ?? []).map(({ path, hostPath, permissions }) => ({
    source: hostPath ?? path,
    target: path,
    permissions: permissions ?? "rwm",
  }));
  const mounts = (edits.mounts ?? []).map(
    ({ hostPath, containerPath, options = [] }): BindSetting => ({
      source: hostPath,
      target: containerPath,
      readOnly: options.includes("ro"),
    }),
  );
  return {
    ...settings,
    env: [...settings.env, ...(edits.env ?? [])],
    devices: [...settings.devices, ...nodes],
    mounts: [...settings.mounts, ...mounts],
    groupAdd: [...settings.groupAdd, ...(edits.additionalGIDs ?? []).map(String)],
    notes: [...(settings.notes ?? []), ...hookNotes(edits)],
  };
}

function hookNotes({ hooks = [] }: CdiEdits): string[] {
  return hooks.map(
    ({ hookName, path }) => `the CDI file asks to run ${path} (${hookName}): gantry does not run hooks`,
  );
}

/** The names that answer a request: its own ids, or so many devices of the kind that its capabilities mean. */
function answer(request: DeviceRequest, known: ReadonlyMap<string, CdiDevice>): string[] {
  const { driver, deviceIds, count, capabilities } = request;
  if (deviceIds.every(isCdiName) && deviceIds.length > 0) return [...deviceIds];
  const kinds = [...new Set([...known.values()].map(({ kind }) => kind))];
  const kind = kinds.find((one) => isOfRequest(one, driver, capabilities));
  if (!kind) throw noSuchKind(request, kinds);
  if (deviceIds.length > 0) return deviceIds.map((id) => `${kind}=${id}`);
  const all = [...known.keys()].filter((name) => name.startsWith(`${kind}=`));
  if (count < 0) return all.includes(`${kind}=all`) ? [`${kind}=all`] : all;
  // Names are indices, or ids that mean the same devices once more.
  const single = all.filter((name) => /=\d+$/.test(name));
  const choice = (single.length > 0 ? single : all.filter((name) => !name.endsWith("=all"))).sort();
  if (choice.length < count) throw tooFew(kind, count, choice.length);
  return choice.slice(0, count);
}

/** "nvidia.com/gpu" for the driver nvidia, or for the capability gpu. */
function isOfRequest(kind: string, driver: string, capabilities: readonly string[]): boolean {
  const [vendor, kindClass] = kind.split("/");
  if (driver && driver !== "cdi" && !vendor!.startsWith(driver)) return false;
  return capabilities.length === 0 || capabilities.some((capability) => capability === kindClass);
}

function deviceNamed(name: string, known: ReadonlyMap<string, CdiDevice>): CdiDevice {
  const device = known.get(name);
  if (device) return device;
  const list = [...known.keys()].join(", ");
  throw new GantryError("device-missing", `no CDI file of this host describes ${name}`, {
    hint: list ? `there are ${list}` : "there are no CDI files in /etc/cdi and /var/run/cdi",
  });
}

function noSuchKind({ driver, capabilities }: DeviceRequest, kinds: readonly string[]): GantryError {
  const what = [driver, ...capabilities].filter(Boolean).join(", ");
  return new GantryError("device-missing", `no device of this host is ${what || "of the kind asked for"}`, {
    hint:
      kinds.length > 0
        ? `its CDI files describe ${kinds.join(", ")}`
        : "devices are found by CDI files in /etc/cdi and /var/run/cdi; for NVIDIA: nvidia-ctk cdi generate",
  });
}

function tooFew(kind: string, wanted: number, there: number): GantryError {
  return new GantryError("device-missing", `${wanted} devices ${kind} are asked for, and there are ${there}`);
}
