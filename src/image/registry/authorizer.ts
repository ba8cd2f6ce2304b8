import { GantryError } from "../../lib/diagnostic.ts";
import { isObject, parseAnyJson } from "../oci.ts";
import type { Challenge } from "./challenge.ts";
import type { Credentials } from "./credentials.ts";
import { readBody, refusal } from "./registry-failure.ts";
import type { HttpRequest, HttpResponse } from "./transport.ts";

const LARGEST_ANSWER = 1024 * 1024;
/** What a token lasts when its server does not say (Docker's token specification). */
const USUAL_LIFETIME = 60;
/** Seconds before its end at which a token is no longer used: the request still has to arrive. */
const MARGIN = 5;
const CLIENT = "gantry";

type Token = { readonly text: string; readonly expires: number };

/** What an authorizer asks of its surroundings. */
export type AuthorizerDoor = {
  readonly send: (request: HttpRequest) => Promise<HttpResponse>;
  readonly credentials: () => Promise<Credentials | undefined>;
  /** Registry, for messages. */
  readonly host: string;
  /** Credentials may go over plain HTTP. */
  readonly insecure: boolean;
};

/** Answers one registry's challenges: anonymous, basic, or with tokens, which are kept until they expire. */
export class Authorizer {
  readonly #door: AuthorizerDoor;
  readonly #tokens = new Map<string, Promise<Token>>();
  #challenge: Challenge | undefined;
  #credentials: Promise<Credentials | undefined> | undefined;

  constructor(door: AuthorizerDoor) {
    this.#door = door;
  }

  /** Takes note of what the registry asks for. */
  challenged(challenge: Challenge | undefined): void {
    this.#challenge = challenge ?? this.#challenge;
  }

  /** The Authorization header for a request with this scope; undefined when none is called for. */
  async header(scope: string, signal?: AbortSignal): Promise<string | undefined> {
    const challenge = this.#challenge;
    if (!challenge) return undefined;
    if (challenge.scheme === "bearer") return `Bearer ${await this.#token(challenge, scope, signal)}`;
    const credentials = await this.#ownCredentials();
    return credentials && basic(credentials);
  }

  /** Forgets the token of a scope: the registry no longer takes it. */
  expire(scope: string): void {
    this.#tokens.delete(scope);
  }

  async #token(
    challenge: Challenge & { scheme: "bearer" },
    scope: string,
    signal?: AbortSignal,
  ): Promise<string> {
    const known = this.#tokens.get(scope);
    const token = await known?.catch(() => undefined);
    if (token && token.expires > Date.now()) return token.text;
    // Many layers want the same token at once: one asks.
    const current = this.#tokens.get(scope);
    const fresh =
      current !== undefined && current !== known ? current : this.#fetchToken(challenge, scope, signal);
    this.#tokens.set(scope, fresh);
    fresh.catch(() => this.#tokens.get(scope) === fresh && this.#tokens.delete(scope));
    return (await fresh).text;
  }

  async #fetchToken(
    challenge: Challenge & { scheme: "bearer" },
    scope: string,
    signal?: AbortSignal,
  ): Promise<Token> {
    const credentials = await this.#ownCredentials();
    const realm = this.#checkRealm(challenge.realm, credentials !== undefined);
    const request = credentials?.identityToken
      ? refreshRequest(realm, challenge, scope, credentials.identityToken)
      : tokenRequest(realm, challenge, scope, credentials);
    const unverified = this.#door.insecure;
    const response = await this.#door.send({ ...request, unverified, ...(signal ? { signal } : {}) });
    if (response.status !== 200) throw await refusal(response, "getting a token", this.#door.host);
    const body = await readBody(response, LARGEST_ANSWER);
    return readToken(body.toString("utf8"), this.#door.host, Date.now());
  }

  /** Where the registry sends us for tokens; a registry reached safely must not have credentials sent in the clear. */
  #checkRealm(realm: string, hasCredentials: boolean): URL {
    const url = URL.parse(realm);
    const { host, insecure } = this.#door;
    if (url?.protocol === "https:" || (url?.protocol === "http:" && (insecure || !hasCredentials)))
      return url;
    throw new GantryError("registry-denied", `registry ${host} wants credentials sent to ${realm}`, {
      hint: "Credentials only go through HTTPS, unless the registry is configured as insecure.",
    });
  }

  #ownCredentials(): Promise<Credentials | undefined> {
    this.#credentials ??= this.#door.credentials();
    return this.#credentials;
  }
}

/** The header for basic authentication (RFC 7617). */
const basic = ({ username, password }: Credentials) =>
  `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;

type TokenRequest = Pick<HttpRequest, "method" | "url" | "headers" | "body">;

function tokenRequest(
  realm: URL,
  { service }: { service: string | undefined },
  scope: string,
  credentials: Credentials | undefined,
): TokenRequest {
  const url = new URL(realm);
  if (service !== undefined) url.searchParams.set("service", service);
  if (scope !== "") url.searchParams.set("scope", scope);
  if (credentials) url.searchParams.set("account", credentials.username);
  return { method: "GET", url, headers: credentials ? { authorization: basic(credentials) } : {} };
}

function refreshRequest(
  realm: URL,
  { service }: { service: string | undefined },
  scope: string,
  identityToken: string,
): TokenRequest {
  const form = new URLSearchParams({
    grant_type: "refresh_token",
    client_id: CLIENT,
    refresh_token: identityToken,
  });
  if (service !== undefined) form.set("service", service);
  if (scope !== "") form.set("scope", scope);
  const body = form.toString();
  return {
    method: "POST",
    url: realm,
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body,
  };
}

function readToken(text: string, host: string, now: number): Token {
  const answer = parseAnyJson(text, `the answer of the token server of ${host}`);
  const token = isObject(answer) ? (answer["token"] ?? answer["access_token"]) : undefined;
  if (typeof token !== "string" || !/^[\x21-\x7e]+$/.test(token)) {
    throw new GantryError("registry-denied", `the token server of ${host} gave no token`, {
      hint: "The fault is the registry's: try again later.",
    });
  }
  const lifetime = Number((answer as Record<string, unknown>)["expires_in"]) || USUAL_LIFETIME;
  return { text: token, expires: now + Math.max(1, lifetime - MARGIN) * 1000 };
}
