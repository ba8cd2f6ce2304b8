import type { Service } from "../../compose/index.ts";
import { parseDuration } from "../../lib/duration.ts";

/** When an image is pulled: the words of `pull_policy` and of `--pull`. */
export type PullPolicy = string;

/** What is known of a service's image before anything is done. */
export type ImageSituation = {
  readonly service: Pick<Service, "image" | "build" | "pull_policy">;
  /** `--pull`, over what the file says. */
  readonly policy?: PullPolicy;
  /** Whether the store has it, for the right platform. */
  readonly isStored: boolean;
  /** When its name was last given to it, by a pull mostly; Unix milliseconds. */
  readonly taggedAt?: number;
  readonly now: number;
};

/** What to do for it, and why: for whoever asks, and for tests. */
export type ImageChoice = {
  readonly action: "use" | "pull" | "build" | "refuse";
  readonly cause: string;
  /** The stored image does as well when this fails. */
  readonly optional?: boolean;
};

/** Decides whether the stored image will do. "refuse": it is missing, and may not be fetched. */
export function chooseImage(situation: ImageSituation): ImageChoice {
  const { service, isStored } = situation;
  const policy = situation.policy ?? service.pull_policy ?? "missing";
  const buildable = service.build !== undefined;
  if (policy === "build" && buildable) return { action: "build", cause: "its policy is to build" };
  if (buildable && service.image === undefined) {
    return isStored
      ? { action: "use", cause: "it is built" }
      : { action: "build", cause: "it is not built yet" };
  }
  if (policy === "always") return { action: "pull", cause: "its policy is always" };
  if (isStored) return stillFresh(situation, policy);
  if (policy !== "never") return { action: "pull", cause: "it is missing" };
  if (buildable) return { action: "build", cause: "it is missing, and never pulled" };
  return { action: "refuse", cause: "it is missing, and its pull policy is never" };
}

function stillFresh({ taggedAt, now }: ImageSituation, policy: PullPolicy): ImageChoice {
  const lifetime = lifetimeOf(policy);
  if (lifetime === undefined || (taggedAt !== undefined && now - taggedAt < lifetime)) {
    return { action: "use", cause: "it is there" };
  }
  return { action: "pull", cause: `it is older than its policy ${policy} allows`, optional: true };
}

const DAY = 86_400_000;

/** How old an image may become, in milliseconds; undefined for policies that do not look at its age. */
export function lifetimeOf(policy: PullPolicy): number | undefined {
  if (policy === "daily") return DAY;
  if (policy === "weekly") return 7 * DAY;
  const every = /^every_((?:\d+[wdhms])+)$/.exec(policy)?.[1];
  return every === undefined ? undefined : [...every.matchAll(/(\d+)([wdhms])/g)].reduce(addPart, 0);
}

function addPart(sum: number, [, value, unit]: RegExpMatchArray): number {
  const days = unit === "w" ? 7 : unit === "d" ? 1 : 0;
  return sum + (days > 0 ? Number(value) * days * DAY : (parseDuration(`${value}${unit}`) ?? 0));
}
