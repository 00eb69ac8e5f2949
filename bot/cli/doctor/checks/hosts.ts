import { connect as connectPlain, isIP, type Socket } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { guardedLookup } from "../../../../adapters/kit/network/target.ts";
import { kinds } from "../../../compose/kinds.ts";
import type { Configuration } from "../../../config/configuration.ts";
import { toNames } from "../../../config/names.ts";
import type { OutgoingAddress } from "../../../contracts.ts";
import type { CheckUpWords } from "../../../words/terminal/check-up-words.ts";
import type { Finding } from "../finding.ts";

const connectWithinMs = 5_000;
const dayMs = 24 * 3_600_000;
/** Whoever renews certificates by hand needs some time. */
const minDaysLeft = 14;

/** What came of a connection that was made and closed, with no byte of ours but those of TLS. */
type Reached =
  | { readonly kind: "tls"; readonly days: number }
  | { readonly kind: "plain" }
  | { readonly kind: "bad-certificate" | "unreached"; readonly code: string };

/** Where a connection leads. */
type Endpoint = Pick<OutgoingAddress, "host" | "port" | "transport" | "ca">;

/** Looks whether each address is reached to which a pager sends, and how long its certificate is valid. */
export async function checkPagers(configuration: Configuration, words: CheckUpWords): Promise<readonly Finding[]> {
  const names = toNames(configuration);
  const asked = Object.entries(configuration.pagers).flatMap(([name, { type, options }]) => {
    const addresses = Object.hasOwn(kinds.pagers, type) ? (kinds.pagers[type]?.addresses(options) ?? []) : [];
    return addresses.map(async (address): Promise<Finding> => {
      const finding = { check: `pager ${name}`, subject: words.subject.pager(names.pager(name)) };
      return { ...finding, ...(await judgeHost(address, words)) };
    });
  });
  return Promise.all(asked);
}

/** Looks whether `publicUrl` leads to the bot from this machine, and how long its certificate is valid. */
export async function checkPublicUrl({ publicUrl }: Configuration, words: CheckUpWords): Promise<readonly Finding[]> {
  const finding = { check: "publicUrl", subject: words.subject.publicUrl };
  const url = new URL(publicUrl);
  const certificate =
    url.protocol === "https:" ? [{ ...finding, ...(await judgeHost(toEndpoint(url), words)) } as Finding] : [];
  const signal = AbortSignal.timeout(connectWithinMs);
  try {
    const { status } = await fetch(`${publicUrl}/health/live`, { redirect: "manual", signal });
    const isBot = status === 200;
    const said = isBot ? words.publicUrl.good(publicUrl) : words.publicUrl.other(publicUrl, status);
    return [{ ...finding, state: isBot ? "good" : "bad", said }, ...certificate];
  } catch (error) {
    return [{ ...finding, state: "bad", said: words.publicUrl.unreached(publicUrl, toCode(error)) }, ...certificate];
  }
}

async function judgeHost(endpoint: Endpoint, words: CheckUpWords): Promise<Pick<Finding, "state" | "said">> {
  const { host, transport } = endpoint;
  if (transport === "udp") return { state: "unseen", said: words.host.unseen(host) };
  const reached = await reach(endpoint);
  switch (reached.kind) {
    case "plain":
      return { state: "good", said: words.host.plain(host) };
    case "tls":
      if (reached.days < minDaysLeft) return { state: "bad", said: words.host.ends(host, reached.days) };
      return { state: "good", said: words.host.tls(host, reached.days) };
    case "bad-certificate":
      return { state: "bad", said: words.host.badCertificate(host, reached.code) };
    case "unreached":
      return { state: "bad", said: words.host.unreached(host, reached.code) };
  }
}

/** Makes a connection and closes it. Never rejects. */
function reach({ host, port, transport, ca }: Endpoint): Promise<Reached> {
  const isTls = transport === "tls";
  const target = { host, port, lookup: guardedLookup };
  const socket = isTls
    ? connectTls({ ...target, ...(ca === undefined ? {} : { ca }), ...toServerName(host), rejectUnauthorized: false })
    : connectPlain(target);
  return new Promise((resolve) => {
    const end = (reached: Reached): void => {
      socket.destroy();
      resolve(reached);
    };
    socket.setTimeout(connectWithinMs, () => end({ kind: "unreached", code: "ETIMEDOUT" }));
    socket.once("error", (error) => end({ kind: "unreached", code: toCode(error) }));
    socket.once(isTls ? "secureConnect" : "connect", () => end(isTls ? readCertificate(socket) : { kind: "plain" }));
  });
}

/** An address is no name that a certificate could be asked for by. */
function toServerName(host: string): { readonly servername?: string } {
  return isIP(host) === 0 ? { servername: host } : {};
}

function readCertificate(socket: Socket | TLSSocket): Reached {
  if (!("getPeerCertificate" in socket)) return { kind: "plain" };
  const { valid_to } = socket.getPeerCertificate();
  // Its type promises an error where it is a code.
  if (!socket.authorized) return { kind: "bad-certificate", code: String(socket.authorizationError) };
  return { kind: "tls", days: Math.floor((Date.parse(valid_to) - Date.now()) / dayMs) };
}

function toEndpoint({ hostname, port }: URL): Endpoint {
  return { host: hostname.replace(/^\[|\]$/g, ""), port: Number(port || 443), transport: "tls" };
}

/** The code of the error or of what caused it; nothing else of it, because it may hold an address with a secret. */
function toCode(error: unknown): string {
  for (let each: unknown = error; each instanceof Error; each = each.cause) {
    if ("code" in each && typeof each.code === "string") return each.code;
    if (each.name === "TimeoutError") return "ETIMEDOUT";
  }
  return "ERROR";
}
