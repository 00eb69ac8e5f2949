/** Refuses the addresses to which nothing is ever sent, whatever a configuration or a name server says. */
import { BlockList, isIP, type LookupFunction } from "node:net";
import type { OutgoingAddress } from "../../../bot/contracts.ts";
import { DeliveryError } from "../../../bot/errors.ts";
import { NameLookup } from "./name-lookup.ts";

/** The code of the error by which a guarded lookup refuses. */
export const forbiddenCode = "ERR_FORBIDDEN_TARGET";
export const forbiddenTarget =
  "The address is link-local or one of a cloud's metadata services; nothing is sent there.";

const forbidden = new BlockList();
forbidden.addSubnet("169.254.0.0", 16, "ipv4");
forbidden.addSubnet("fe80::", 10, "ipv6");
// AWS: instance metadata, and https://docs.aws.amazon.com/eks/latest/userguide/pod-id-agent-setup.html
forbidden.addAddress("fd00:ec2::254", "ipv6");
forbidden.addAddress("fd00:ec2::23", "ipv6");
// https://cloud.google.com/compute/docs/metadata/querying-metadata
forbidden.addAddress("fd20:ce::254", "ipv6");
forbidden.addAddress("168.63.129.16", "ipv4"); // Azure
forbidden.addAddress("100.100.100.200", "ipv4"); // Alibaba Cloud

/**
 * IPv6 addresses that carry an IPv4 address in them, besides the mapped ones, which a block list recognises by itself.
 */
const carriers = new BlockList();
carriers.addSubnet("::", 96, "ipv6"); // RFC 4291, 2.5.5.1
carriers.addSubnet("::ffff:0:0:0", 96, "ipv6"); // RFC 7915's translated addresses
carriers.addSubnet("64:ff9b::", 96, "ipv6"); // NAT64, RFC 6052
carriers.addSubnet("64:ff9b:1::", 48, "ipv6"); // NAT64 of one's own network, RFC 8215
carriers.addSubnet("2002::", 16, "ipv6"); // 6to4, RFC 3056

/**
 * The bytes of the IPv4 address: after 6to4's prefix, and after prefixes of 48, 56, 64 and 96 bits, of which byte 8
 * stays empty (RFC 6052, 2.2).
 */
const carried = [
  [2, 3, 4, 5],
  [6, 7, 9, 10],
  [7, 9, 10, 11],
  [9, 10, 11, 12],
  [12, 13, 14, 15],
] as const;

/**
 * Throws DeliveryError `misconfigured` for a forbidden address; a name passes, because `guardedLookup` checks its
 * addresses.
 */
export function checkTarget(host: string): void {
  if (isForbidden(host.replace(/^\[|\]$/g, ""))) throw new DeliveryError("misconfigured", forbiddenTarget);
}

/** Whether nothing is ever sent to that address; false for a name, whose addresses are checked when it is looked up. */
export function isForbidden(address: string): boolean {
  const family = isIP(address);
  if (family === 0) return false;
  if (family === 4) return forbidden.check(address, "ipv4");
  if (forbidden.check(address, "ipv6")) return true;
  if (!carriers.check(address, "ipv6")) return false;
  const bytes = toBytes(address);
  return carried.some((places) => forbidden.check(places.map((place) => bytes[place]).join("."), "ipv4"));
}

/** The 16 bytes of an IPv6 address. */
function toBytes(address: string): number[] {
  // A URL writes the address without a dotted part, and the scope is removed.
  const { hostname } = new URL(`http://[${address.replace(/%.*/, "")}]`);
  const [head = [], tail] = hostname.slice(1, -1).split("::").map(toGroups);
  const gap = new Array<number>(8 - head.length - (tail?.length ?? 0)).fill(0);
  return [...head, ...gap, ...(tail ?? [])].flatMap((group) => [group >> 8, group & 0xff]);
}

function toGroups(text: string): number[] {
  return text === "" ? [] : text.split(":").map((group) => Number.parseInt(group, 16));
}

/**
 * A lookup that fails for a name with a forbidden address. A name may point anywhere, so its addresses are checked; the
 * socket connects to these and no others.
 */
export function guardLookup(resolve: LookupFunction): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, options, (error, address, family) => {
      const addresses = typeof address === "string" ? [address] : (address ?? []).map((entry) => entry.address);
      if (!error && addresses.some(isForbidden)) {
        callback(Object.assign(new Error(forbiddenTarget), { code: forbiddenCode }), address, family);
        return;
      }
      callback(error, address, family);
    });
  };
}

/** The guarded lookup for every outgoing socket; addresses from memory are checked again each time. */
export const guardedLookup: LookupFunction = guardLookup(new NameLookup().lookup);

/** Where a http or https address leads. */
export function toAddress(url: string): OutgoingAddress {
  const { protocol, hostname, port } = new URL(url);
  const isPlain = protocol === "http:";
  const usualPort = isPlain ? 80 : 443;
  return {
    host: hostname.replace(/^\[|\]$/g, ""),
    port: Number(port || usualPort),
    transport: isPlain ? "tcp" : "tls",
    isPlain,
  };
}
