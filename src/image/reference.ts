import { GantryError } from "../lib/diagnostic.ts";

/** A name of an image, taken apart. At least one of tag and digest is there. */
export type ImageReference = {
  /** Registry host, with port if any: "docker.io". */
  readonly domain: string;
  /** "library/postgres" */
  readonly repository: string;
  readonly tag?: string;
  /** "sha256:<hex>" of a manifest. */
  readonly digest?: string;
};

const DEFAULT_DOMAIN = "docker.io";
const OFFICIAL = "library/";

// The grammar of the OCI distribution specification, with Docker's convention of what counts as a domain.
const DOMAIN = /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?|\[[0-9a-fA-F:]+\])(?::[0-9]+)?$/;
const REPOSITORY = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;
const LONGEST_NAME = 255;

/** Parses what people write ("postgres:16") and fills in what they leave out; the tag is `latest` by default. */
export function parseReference(text: string): ImageReference {
  const { name, tag, digest } = splitReference(text);
  const { domain, repository } = splitName(name);
  if (!DOMAIN.test(domain)) throw invalidReference(text, `"${domain}" is not a registry's host name`);
  if (!REPOSITORY.test(repository)) throw invalidReference(text, explainRepository(repository));
  if (domain.length + 1 + repository.length > LONGEST_NAME) {
    throw invalidReference(text, `the name is longer than ${LONGEST_NAME} characters`);
  }
  if (tag !== undefined && !TAG.test(tag)) throw invalidReference(text, `"${tag}" is not a tag`);
  if (digest !== undefined && !DIGEST.test(digest))
    throw invalidReference(text, `"${digest}" is not a digest`);
  if (digest === undefined) return { domain, repository, tag: tag ?? "latest" };
  return tag === undefined ? { domain, repository, digest } : { domain, repository, tag, digest };
}

/** The full name under which the store knows an image. With a digest, the tag is only a remark and is left out. */
export function normalReference(reference: ImageReference): string {
  const name = `${reference.domain}/${reference.repository}`;
  return reference.digest === undefined ? `${name}:${reference.tag}` : `${name}@${reference.digest}`;
}

/** What `docker image ls` shows as REPOSITORY: without the parts that everybody leaves out. */
export function familiarRepository(reference: ImageReference): string {
  const { domain, repository } = reference;
  if (domain !== DEFAULT_DOMAIN) return `${domain}/${repository}`;
  const short = repository.slice(OFFICIAL.length);
  return repository.startsWith(OFFICIAL) && !short.includes("/") ? short : repository;
}

/** "docker.io/library/postgres:16" → "postgres:16" */
export function familiarName(reference: ImageReference): string {
  const name = familiarRepository(reference);
  return reference.digest === undefined ? `${name}:${reference.tag}` : `${name}@${reference.digest}`;
}

function splitReference(text: string): { name: string; tag?: string; digest?: string } {
  const [rest = "", digest, ...more] = text.split("@");
  if (more.length > 0) throw invalidReference(text, 'it has more than one "@"');
  const colon = rest.indexOf(":", rest.lastIndexOf("/") + 1);
  const name = colon < 0 ? rest : rest.slice(0, colon);
  if (name === "") throw invalidReference(text, "it has no name");
  return { name, tag: colon < 0 ? undefined : rest.slice(colon + 1), digest };
}

/** The first part is a registry when it looks like a host: it has a dot or a port, or it is localhost. */
function splitName(name: string): { domain: string; repository: string } {
  const slash = name.indexOf("/");
  const first = slash < 0 ? "" : name.slice(0, slash);
  const isDomain = /[.:]/.test(first) || first === "localhost" || first !== first.toLowerCase();
  const domain = isDomain ? first : DEFAULT_DOMAIN;
  const repository = isDomain ? name.slice(slash + 1) : name;
  if (domain === "index.docker.io") return splitName(repository);
  const official = domain === DEFAULT_DOMAIN && !repository.includes("/");
  return { domain, repository: official ? OFFICIAL + repository : repository };
}

function explainRepository(repository: string): string {
  if (repository !== repository.toLowerCase()) return "a repository's name is in lower case";
  return `"${repository}" is not a repository's name`;
}

function invalidReference(text: string, problem: string): GantryError {
  return new GantryError("image-reference", `invalid image name "${text}": ${problem}`, {
    hint: "An image name looks like name:tag, registry.example.org/team/name:tag or name@sha256:…",
  });
}
