import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import type { ConnectionOptions } from "node:tls";

/** Where a server listens. */
export interface Host {
  readonly host: string;
  readonly port: number;
}

/** A database of PostgreSQL, as the configuration names it. */
export interface Server {
  /** In the order in which they are tried; only one that takes writes is used. */
  readonly hosts: readonly Host[];
  readonly user: string;
  /** "" where the server asks for none. */
  readonly password: string;
  readonly database: string;
  readonly tls: Tls;
}

/** `verify-full`: the certificate has to be of a known authority (or of the one in `ca`) and name the host. */
interface Tls {
  readonly mode: "disable" | "require" | "verify-ca" | "verify-full";
  /** The authorities that count, as PEM; null: those that Node knows. */
  readonly ca: string | null;
}

const modes = ["disable", "require", "verify-ca", "verify-full"] as const satisfies readonly Tls["mode"][];
const defaultPort = 5432;
const loopback = /^(localhost|127(\.\d{1,3}){3}|::1)$/;
const form = "postgres://<user>@<host>[:port][,<host>…]/<database>, with ?sslmode= and &sslrootcert= where needed";

/**
 * Parses `postgres://user:password@host1:port,host2/database?sslmode=…`. Throws a sentence that shows nothing of the
 * url, because it may hold a password. What leaves this machine is encrypted and its server known, unless the url says
 * less.
 */
export function parseServer(url: string): Server {
  const found = /^postgres(?:ql)?:\/\/([^@/?]+)@([^@/?]+)\/([^/?]+)(?:\?(.*))?$/s.exec(url);
  if (found === null) throw new Error(`database: expected ${form}`);
  const [, account = "", list = "", database = "", query = ""] = found;
  const [user = "", password = ""] = account.split(/:(.*)/s).map(decode);
  const hosts = list.split(",").map(parseHost);
  const settings = new URLSearchParams(query);
  for (const [name, value] of settings) requireKnown(name, value);
  const mode = settings.get("sslmode") ?? (hosts.every(({ host }) => loopback.test(host)) ? "disable" : "verify-full");
  const known = modes.find((each) => each === mode);
  if (known === undefined) throw new Error(`database: expected sslmode to be one of ${modes.join(", ")}`);
  const ca = loadAuthority(settings.get("sslrootcert"));
  return { hosts, user, password, database: decode(database), tls: { mode: known, ca } };
}

/** What Node's TLS is told for that host; false: it is not encrypted. */
export function toTlsOptions({ mode, ca }: Tls, { host }: Host): ConnectionOptions | false {
  if (mode === "disable") return false;
  return {
    // An address has no name to be sent, but the certificate has to be of it all the same.
    ...(isIP(host) ? { host } : { host, servername: host }),
    ...(ca === null ? {} : { ca }),
    rejectUnauthorized: mode !== "require",
    ...(mode === "verify-ca" ? { checkServerIdentity: () => undefined } : {}),
  };
}

function parseHost(text: string): Host {
  const found = /^(\[[0-9a-f:.]+\]|[^:[\]]+)(?::(\d{1,5}))?$/i.exec(text);
  const port = Number(found?.[2] ?? defaultPort);
  if (found === null || port < 1 || port > 65_535) throw new Error(`database: expected ${form}`);
  return { host: decode(found[1] ?? "").replace(/^\[|\]$/g, ""), port };
}

/** A setting that is passed over would leave somebody with less than they asked for. */
function requireKnown(name: string, value: string): void {
  if (name === "sslmode" || name === "sslrootcert") return;
  // That is what is done anyway.
  if (name === "target_session_attrs" && value === "read-write") return;
  throw new Error("database: expected no other settings behind the ? than sslmode and sslrootcert");
}

function loadAuthority(path: string | null): string | null {
  if (path === null || path === "system") return null;
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new Error(`database: the certificate of sslrootcert, ${path}, can't be read`, { cause });
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Error(`database: expected ${form}, with %25 for a % in a name or password`);
  }
}
