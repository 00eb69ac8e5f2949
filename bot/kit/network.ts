import { BlockList, isIP } from "node:net";

/** A part of the internet: an address, and how many of its bits count. */
export interface Network {
  readonly address: string;
  readonly prefix: number;
  readonly family: "ipv4" | "ipv6";
}

/** The network that a text names, such as 10.20.0.0/16; null when it is neither an address nor a network. */
export function toNetwork(text: string): Network | null {
  const [, address = "", bits] = /^([^/%]+)(?:\/(\d{1,3}))?$/.exec(text.trim()) ?? [];
  const version = isIP(address);
  const maxPrefix = version === 4 ? 32 : 128;
  const prefix = bits === undefined ? maxPrefix : Number(bits);
  if (version === 0 || prefix > maxPrefix) return null;
  return { address, prefix, family: version === 4 ? "ipv4" : "ipv6" };
}

/**
 * Returns a function that tells whether an address is in one of the networks; false for a closed socket, which has no
 * address. BlockList itself recognises IPv4 addresses that are written as IPv6.
 */
export function toMembership(networks: readonly string[]): (address: string) => boolean {
  const members = new BlockList();
  for (const network of networks.map(toNetwork)) {
    if (network) members.addSubnet(network.address, network.prefix, network.family);
  }
  return (address) => {
    const version = isIP(address);
    return version !== 0 && members.check(address, version === 4 ? "ipv4" : "ipv6");
  };
}

/** Whether an address is of this machine. */
export const isLoopbackAddress = toMembership(["127.0.0.0/8", "::1"]);

/**
 * What counts as one address: IPv4 as it is, also where it is written as IPv6; of IPv6 the first 56 bits, because one
 * household or office has all of the others. Anything else stays what it is.
 */
export function toOneAddress(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined || isIP(address) !== 6) return mapped ?? address;
  const [front = "", back] = address.replace(/%.*$/, "").split("::");
  const head = front.split(":").filter(Boolean);
  const tail = (back ?? "").split(":").filter(Boolean);
  const zeros = back === undefined ? 0 : Math.max(0, 8 - head.length - tail.length);
  const groups = [...head, ...Array<string>(zeros).fill("0"), ...tail].map((group) => Number.parseInt(group, 16));
  const [first = 0, second = 0, third = 0, fourth = 0] = groups;
  return `${[first, second, third, fourth & 0xff00].map((group) => group.toString(16)).join(":")}::/56`;
}

/** Codes of Node's errors that end a connection before it is one. */
const withoutConnection = /^(ECONNREFUSED|ENOTFOUND|EAI_\w+|(EHOST|ENET)(UNREACH|DOWN)|EADDRNOTAVAIL)$/;

/** Whether an error with that code says that no connection was made, so that nothing was sent. */
export function isWithoutConnection(code: string): boolean {
  return withoutConnection.test(code);
}
