import { GantryError } from "../../lib/diagnostic.ts";
import { MASKED_PATHS, READONLY_PATHS } from "./paths.ts";

/** `security_opt`, understood. */
export type SecurityOptions = {
  readonly noNewPrivileges: boolean;
  /** "unconfined", "builtin" or the JSON of a profile. */
  readonly seccomp?: string;
  readonly apparmor?: string;
  /** "disable", "user:…", "role:…", "type:…", "level:…" of SELinux. */
  readonly labels: readonly string[];
  readonly maskedPaths: readonly string[];
  readonly readonlyPaths: readonly string[];
};

/**
 * Docker's security options "key=value" or "key:value" (no-new-privileges may stand alone), and Podman's mask= and
 * unmask= with paths separated by colons. What is not known is refused: an option that is overlooked is a hole.
 */
export function securityOptions(options: readonly string[], privileged: boolean): SecurityOptions {
  const parsed = options.map(split);
  const last = (key: string) => parsed.findLast((option) => option.key === key)?.value;
  for (const option of parsed) check(option);
  const all = (key: string) => parsed.filter((option) => option.key === key).map(({ value }) => value);
  const paths = (key: string) => all(key).flatMap((value) => value.split(":"));
  const open = privileged || last("systempaths") === "unconfined";
  const unmasked = new Set(paths("unmask"));
  const kept = (path: string) => !open && !unmasked.has(path) && !unmasked.has("ALL");
  return {
    noNewPrivileges: last("no-new-privileges") === "true",
    seccomp: last("seccomp"),
    apparmor: last("apparmor"),
    labels: all("label"),
    maskedPaths: [...MASKED_PATHS.filter(kept), ...paths("mask")],
    readonlyPaths: READONLY_PATHS.filter(kept),
  };
}

type Option = { readonly key: string; readonly value: string; readonly text: string };

function split(text: string): Option {
  if (text === "no-new-privileges") return { key: text, value: "true", text };
  const at = text.search(/[=:]/);
  return { key: at < 0 ? text : text.slice(0, at), value: at < 0 ? "" : text.slice(at + 1), text };
}

const absolutePaths = /^\/[^:]*(?::\/[^:]*)*$/;

/** What the value of each option looks like. */
const VALUES: Readonly<Record<string, RegExp>> = {
  "no-new-privileges": /^(?:true|false)$/,
  seccomp: /./,
  apparmor: /./,
  label: /^(?:disable|(?:user|role|type|level):.+)$/,
  systempaths: /^unconfined$/,
  mask: absolutePaths,
  unmask: /^ALL$|^\/[^:]*(?::\/[^:]*)*$/,
};

function check({ key, value, text }: Option): void {
  if (key === "credentialspec") {
    throw new GantryError("windows-only", `security_opt: ${text} is for Windows containers only`, {
      hint: "remove it: gantry runs Linux containers",
    });
  }
  if (Object.hasOwn(VALUES, key) && VALUES[key]!.test(value)) return;
  throw new GantryError("unknown-security-option", `security_opt: "${text}" is not understood`, {
    hint: `known are ${Object.keys(VALUES).join(", ")}, written key=value`,
  });
}
