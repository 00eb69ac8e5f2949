/** Where nothing is ever sent, whatever a configuration or a name server says. */
import { lookup } from "node:dns";
import { BlockList, isIP, type LookupFunction } from "node:net";
import type { OutgoingAddress } from "../bot/contracts.ts";
import { DeliveryError } from "../bot/errors.ts";

/** The code of the error by which a guarded lookup refuses. */
export const forbiddenCode = "ERR_FORBIDDEN_TARGET";
export const forbiddenTarget =
  "The address is link-local or one of a cloud's metadata services; nothing is sent there.";

const forbidden = new BlockList();
forbidden.addSubnet("169.254.0.0", 16, "ipv4");
forbidden.addSubnet("fe80::", 10, "ipv6");
forbidden.addSubnet("64:ff9b::a9fe:0", 112, "ipv6"); // 169.254.0.0/16 behind NAT64
forbidden.addAddress("fd00:ec2::254", "ipv6"); // AWS
forbidden.addAddress("168.63.129.16", "ipv4"); // Azure
forbidden.addAddress("100.100.100.200", "ipv4"); // Alibaba Cloud

/** Throws DeliveryError `misconfigured` for a forbidden address; a name passes, its addresses are `guardedLookup`'s to judge. */
export function checkTarget(host: string): void {
  if (isForbidden(host.replace(/^\[|\]$/g, ""))) throw new DeliveryError("misconfigured", forbiddenTarget);
}

function isForbidden(address: string): boolean {
  const family = isIP(address);
  return family !== 0 && forbidden.check(address, family === 4 ? "ipv4" : "ipv6");
}

/** A name may point anywhere, so the addresses it resolves to are what counts; the socket connects to these and no others. */
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

/** The system's lookup under guard, for every socket that goes out. */
export const guardedLookup: LookupFunction = guardLookup(lookup);

/** The host of a http or https address, and whether it is plain http. */
export function toAddress(url: string): OutgoingAddress {
  const { protocol, hostname } = new URL(url);
  return { host: hostname.replace(/^\[|\]$/g, ""), isPlain: protocol === "http:" };
}
