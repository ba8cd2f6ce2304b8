import type { Service } from "../../compose/index.ts";
import type { RestartPolicy } from "../../runtime/index.ts";

/** The restart policy of a service: `restart`, else `deploy.restart_policy`, else never. */
export function restartPolicy({ restart, deploy }: Service): RestartPolicy {
  if (restart !== undefined) return fromText(restart);
  const policy = deploy?.restart_policy;
  if (policy === undefined) return { name: "no", maximumRetryCount: 0 };
  const maximumRetryCount = policy.max_attempts ?? 0;
  if (policy.condition === "none") return { name: "no", maximumRetryCount: 0 };
  if (policy.condition === "on-failure") return { name: "on-failure", maximumRetryCount };
  return { name: "always", maximumRetryCount: 0 };
}

function fromText(text: string): RestartPolicy {
  const [name, count] = text.split(":");
  if (name === "always" || name === "unless-stopped") return { name, maximumRetryCount: 0 };
  if (name === "on-failure") return { name, maximumRetryCount: Number(count ?? 0) };
  return { name: "no", maximumRetryCount: 0 };
}
