import type { Check, Finding } from "./check.ts";
import type { Host } from "./host.ts";

/** The network is made with nft's rules. */
export const checkNft: Check = (host) =>
  programFinding(host, "nft", "apt-get install nftables   (Fedora: dnf install nftables)");

export const checkIp: Check = (host) =>
  programFinding(host, "ip", "apt-get install iproute2   (Fedora: dnf install iproute)");

export const checkNode: Check = ({ nodeVersion }) => {
  const [major = 0, minor = 0] = nodeVersion.split(".").map(Number);
  const isNew = major > 22 || (major === 22 && minor >= 16);
  return {
    name: "node",
    verdict: isNew ? "ok" : "missing",
    found: nodeVersion,
    ...(isNew ? {} : { fix: "run `npm install` in gantry's directory: it brings its own Node" }),
  };
};

function programFinding(host: Host, name: string, fix: string): Finding {
  const path = host.findProgram(name);
  return path
    ? { name, verdict: "ok", found: path }
    : { name, verdict: "missing", found: "not on PATH", fix };
}
