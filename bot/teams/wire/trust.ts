import type { IncomingMessage } from "node:http";
import { isLoopbackAddress } from "../../kit/network.ts";

/**
 * Whose calls the bot takes, and with what it calls Teams. Only tests give another than Microsoft's.
 * https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication
 */
export interface Trust {
  /** Where the issuer publishes the address of its keys. */
  readonly openIdMetadataUrl: string;
  /** `iss` of tokens that call the bot. */
  readonly issuer: string;
  /** Where the bot gets the tokens with which it calls Teams, without a slash at its end. */
  readonly loginUrl: string;
}

export const microsoft: Trust = {
  openIdMetadataUrl: "https://login.botframework.com/v1/.well-known/openidconfiguration",
  issuer: "https://api.botframework.com",
  loginUrl: "https://login.microsoftonline.com",
};

/**
 * Hosts of Teams' connectors: public cloud, and the three of the US government with the addresses of their docs.
 * The SDK would send the bot's token to any service URL an activity names.
 * https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/send-proactive-messages
 */
const teamsHosts: ReadonlySet<string> = new Set([
  "smba.trafficmanager.net",
  "smba.infra.gcc.teams.microsoft.com",
  "smba.infra.gov.teams.microsoft.us",
  "smba.infra.dod.teams.microsoft.us",
]);

const loopbackHosts: ReadonlySet<string> = new Set(["127.0.0.1", "localhost", "[::1]"]);

/**
 * Whether the bot may talk to this service URL. A configured one is the only one; without it, `local` means this
 * machine, and else Microsoft's hosts over https.
 */
export function isTrustedServiceUrl(url: string, configured: string | null, isLocal: boolean): boolean {
  if (configured !== null) return isSameServiceUrl(url, configured);
  if (!URL.canParse(url)) return false;
  const { protocol, hostname, username, port } = new URL(url);
  if (isLocal) return loopbackHosts.has(hostname);
  if (protocol !== "https:" || username !== "" || port !== "") return false;
  return teamsHosts.has(hostname) || hostname.endsWith(".botframework.com");
}

/**
 * Whether two service URLs are the same: without regard to capitals and to slashes at the end, as Microsoft's own SDKs
 * compare the one of a token with that of its activity.
 * https://github.com/microsoft/teams.net/pull/549
 */
export function isSameServiceUrl(one: string, other: string): boolean {
  return toComparable(one) === toComparable(other);
}

/**
 * What proxies, content networks and tunnels add to what they pass on, such as X-Forwarded-For, X-Real-IP,
 * True-Client-IP, CF-Connecting-IP and X-Original-Host.
 */
const proxyHeaders = /^(via|forwarded|x-(forwarded|original|proxy)-.+|cf-.+|(.+-)?(client|real|connecting)-ip)$/;

/**
 * Whether a call was made on this machine to this machine: not passed on by a proxy, and not by a browser that was led
 * here under somebody else's name, which then stands in `Host`, or by somebody else's page, which stands in `Origin`.
 */
export function isFromThisMachine({ socket, headers }: IncomingMessage): boolean {
  if (!isLoopbackAddress(socket.remoteAddress ?? "")) return false;
  if (Object.keys(headers).some((name) => proxyHeaders.test(name))) return false;
  if (headers.origin !== undefined && !isOfThisMachine(headers.origin)) return false;
  return isOfThisMachine(`http://${headers.host ?? ""}`);
}

/** Whether the host of a URL is this machine; false for what is none, such as the origin "null". */
function isOfThisMachine(url: string): boolean {
  const host = URL.parse(url)?.hostname ?? "";
  return loopbackHosts.has(host) || isLoopbackAddress(host);
}

function toComparable(url: string): string {
  return url.replace(/\/+$/, "").toLowerCase();
}
