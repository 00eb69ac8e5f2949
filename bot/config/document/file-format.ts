/** The configuration file, section by section. A message says what is expected, and never quotes the value. */
import { isIPv4, isIPv6 } from "node:net";
import { z } from "zod";
import { languages } from "../../domain/language.ts";
import { toNetwork } from "../../kit/network.ts";
import { PhoneNumber } from "../../kit/phone-number.ts";
import { oneOrTwo } from "../../kit/secrets/one-or-two.ts";
import { maxLineLengths } from "../../words/shared/line.ts";
import { onDuty } from "../configuration.ts";
import { Duty } from "../duty.ts";
import { SilentAfter } from "./duration.ts";

/** Names of sources, channels and pagers stand in addresses, lanes and metrics, and are kept with alarms by name. */
export const Name = z
  .string("a name")
  .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, "up to 40 lower-case letters, digits and hyphens")
  .refine((name) => !(name in {}), "another name: this one means something else to the program");

/** Names of policies stand in sentences only. */
export const PolicyName = z
  .string()
  .regex(/^[\p{L}\p{N} _.-]{1,40}$/u, "a name of up to 40 letters, digits and spaces");

const Guid = z.guid("a GUID, such as 00000000-0000-0000-0000-000000000001").toLowerCase();

export const Line = z
  .string()
  .refine((text) => /^[^\p{Cc}]{1,200}$/u.test(text), "one line of text, up to 200 characters");

/** One line that is shown as it is, where a longer one would be cut. */
function lineUpTo(limit: number) {
  return z.string().refine((text) => isLine(text, limit), `one line of text, up to ${limit} characters`);
}

export const ShortLine = lineUpTo(maxLineLengths.technical);

/** What people call a source or a pager, as one line shows it. */
const Label = ShortLine.nullable().default(null);

/** Whether a text stands on one line as it is; how it is shown is decided where it is. */
function isLine(text: string, limit: number): boolean {
  return text.isWellFormed() && /^(?! )(?:[^\p{Cc}\p{Cf}\s]| (?! |$))+$/u.test(text) && [...text].length <= limit;
}

/** An address without a password, a query or a slash at the end. */
export const PublicUrl = z
  .string()
  .refine((text) => {
    const url = URL.parse(text);
    return url !== null && /^https?:$/.test(url.protocol) && !url.username && !url.password && !/[?#]/.test(text);
  }, "an address such as https://alarm.example.nl")
  .transform((text) => text.replace(/\/+$/, ""));

const ServiceUrl = z
  .string()
  .refine(
    (text) => /^https?:$/.test(URL.parse(text)?.protocol ?? ""),
    "an address such as http://127.0.0.1:56150/_connector",
  );

/** A port may come from the environment, and then it is text. */
const Port = z.preprocess(
  (value) => (typeof value === "string" && /^\d{1,5}$/.test(value) ? Number(value) : value),
  z.int("a port from 0 to 65535").min(0, "a port from 0 to 65535").max(65_535, "a port from 0 to 65535"),
);

/**
 * Shortest prefix of a network of proxies: in a larger one there would be callers, who could then choose the address
 * that they are counted by.
 */
const minProxyPrefix = { ipv4: 8, ipv6: 32 };

const TrustedProxy = z.string("an address or a network, such as 127.0.0.1 or 10.20.0.0/16").refine((text) => {
  const network = toNetwork(text);
  return network !== null && network.prefix >= minProxyPrefix[network.family];
}, "the address of a proxy, such as 127.0.0.1, or a network of proxies from /8 (IPv6: /32) on, such as 10.20.0.0/16");

const Listen = z
  .strictObject({
    host: z.string().min(1).default("127.0.0.1"),
    port: Port.default(3978),
    trustedProxies: z.array(TrustedProxy, "a list of addresses and networks").default([]),
  })
  .prefault({});

/** A section of named things, each of which is parsed by itself. */
export const Entries = z
  .record(z.string(), z.unknown(), "a mapping of names")
  .refine((entries) => Object.keys(entries).length > 0, "one at least");

/** All sections; each is parsed by itself. */
export const Root = z.strictObject({
  organisation: z.unknown().optional(),
  language: z.unknown().optional(),
  timezone: z.unknown().optional(),
  listen: z.unknown().optional(),
  publicUrl: z.unknown().optional(),
  database: z.unknown().optional(),
  metricsToken: z.unknown().optional(),
  doctorToken: z.unknown().optional(),
  guardKeys: z.unknown().optional(),
  teams: z.unknown().optional(),
  channels: z.unknown().optional(),
  people: z.unknown().optional(),
  sources: z.unknown().optional(),
  buttons: z.unknown().optional(),
  locations: z.unknown().optional(),
  policies: z.unknown().optional(),
  pagers: z.unknown().optional(),
  troubles: z.unknown().optional(),
  contact: z.unknown().optional(),
});

/**
 * At most two, so that one can be replaced while links of the other are out; 32 characters, so that hexadecimal ones
 * hold 128 bits.
 */
const GuardKeys = z
  .array(z.string().min(32, "a secret of at least 32 characters"), "a list of one or two secrets")
  .min(1, "one secret at least")
  .max(2, "two secrets at most: the new one and the one before it")
  .refine((keys) => new Set(keys).size === keys.length, "two secrets that differ")
  .default([]);

/** The token of a caller of one of our own doors; without it, that door is not there. */
const Token = oneOrTwo(z.string().min(16, "a secret of at least 16 characters")).nullable().default(null);

/** Whom to ask about this installation, as the page at the bot's own address says it. */
export const ContactEntry = z
  .strictObject({
    name: ShortLine.nullable().default(null),
    email: z.email("a mail address").nullable().default(null),
    privacy: z
      .url({ protocol: /^https$/, error: "the https address of a privacy statement" })
      .nullable()
      .default(null),
  })
  .prefault({});

/** Sections that are one value. */
export const Settings = z.object({
  organisation: Line,
  language: z.enum(languages).default("nl"),
  timezone: z.string().refine(isTimezone, "a time zone such as Europe/Amsterdam").default("Europe/Amsterdam"),
  listen: Listen,
  publicUrl: PublicUrl.nullable().default(null),
  database: z
    .string()
    .regex(/^(sqlite:.|postgres(ql)?:\/\/.)/, "sqlite:<file> or postgres://<user>@<host>/<database>")
    .default("sqlite:data/rugdekking.db"),
  metricsToken: Token,
  doctorToken: Token,
  guardKeys: GuardKeys,
});

/** It is typed in Teams, so nothing a phone would change may be in it. */
const LinkCode = z
  .string()
  .regex(
    /^(?=\D*\d)(?=.{8,64}$)[A-Za-z0-9](?:-?[A-Za-z0-9]){7,}$/,
    "8 to 64 letters, digits and hyphens, with a digit, such as 1234-5678",
  );

export const TeamsEntry = z
  .strictObject({
    appId: Guid.nullable().default(null),
    tenantId: Guid.nullable().default(null),
    clientSecret: oneOrTwo(z.string().min(1)).nullable().default(null),
    clientSecretEndsOn: z.iso.date("a date, such as 2028-05-01").nullable().default(null),
    local: z.boolean().default(false),
    serviceUrl: ServiceUrl.nullable().default(null),
    linkCode: oneOrTwo(LinkCode).nullable().default(null),
  })
  .prefault({});

/** A tag as Microsoft Graph names it; its name is what stands behind the @ in a message. */
const TagEntry = z.strictObject({
  id: z.string().regex(/^[\x21-\x7e]{1,400}$/, "the id of a tag, as Graph Explorer shows it"),
  name: ShortLine,
  mayRingPresser: z.boolean().default(false),
});

export const ChannelEntry = z
  .strictObject({
    conversation: z.string().min(1).max(200).nullable().default(null),
    tag: TagEntry.nullable().default(null),
  })
  .nullable()
  .transform((entry) => ({ conversation: entry?.conversation ?? null, tag: entry?.tag ?? null }));

/** Entra's object id, in lower case however it was copied: no other id of a person comes with every click (rule 7). */
const PersonId = z.guid("an Entra object id, such as 00000000-0000-0000-0000-000000000001").toLowerCase();

/** Left out, there is no roster; an empty list is a roster of nobody (rule 9). */
export const People = z
  .array(
    z.strictObject({
      name: Line,
      id: PersonId,
      phone: PhoneNumber.nullable().default(null),
      onDuty: Duty.default({ kind: "always" }),
      lead: z.boolean().default(false),
      tellPresser: z.boolean().nullable().default(null),
      locations: z
        .array(z.string("the name of a location"), "a list of names of locations")
        .min(1, "one location at least, or no list at all for somebody who may come everywhere")
        .nullable()
        .default(null),
    }),
    "a list of people, such as - { name: A. Jansen, id: 00000000-0000-0000-0000-000000000001, lead: true }",
  )
  .optional()
  .transform((people) => ({ configured: people ?? null }));

const Reference = z.string("a name").nullable().default(null);

const OnePolicy = z
  .string("the name of one policy, because policies by kind of alarm are not known yet")
  .nullable()
  .default(null);

export const Buttons = z
  .array(
    z.strictObject({
      source: z.string(),
      id: z.string().min(1).max(128),
      place: lineUpTo(maxLineLengths.place).nullable().default(null),
      directions: Line.nullable().default(null),
      holder: Line.nullable().default(null),
      fixed: z.boolean().default(true),
      location: Reference,
      policy: OnePolicy,
      channel: Reference,
    }),
  )
  .default([]);

/** A building or area. Where it has no policy or channel, those of its buttons' sources hold. */
export const LocationEntry = z.strictObject({
  name: ShortLine,
  aliases: z.array(ShortLine, "a list of other names").max(10, "up to 10 other names").default([]),
  address: lineUpTo(maxLineLengths.address).nullable().default(null),
  entrance: lineUpTo(maxLineLengths.entrance).nullable().default(null),
  phone: PhoneNumber.or(z.literal(onDuty, "on-duty")).nullable().default(null),
  codeWord: Line.nullable().default(null),
  account: z
    .string()
    .regex(/^[0-9A-Fa-f]{3,16}$/, "a number at the alarm centre, such as 1234 (in quotes)")
    .nullable()
    .default(null),
  position: z
    .strictObject({
      lat: z.number().min(-90).max(90),
      lon: z.number().min(-180).max(180),
      radius: z.int("metres, such as 150").min(1, "metres, such as 150").max(50_000, "metres, such as 150"),
    })
    .nullable()
    .default(null),
  channel: Reference,
  policy: OnePolicy,
  tellPresser: z.boolean().default(false),
});

/** The other keys belong to the source's type. */
export const SourceEntry = z.looseObject({
  type: z.string(),
  label: Label,
  policy: z.string(),
  channel: z.string(),
  location: Reference,
  silentAfter: SilentAfter.optional(),
});

/** `tell`: the pager by which troubles are told where Teams is not needed. */
export const TroublesEntry = z
  .strictObject({ tell: z.string("the name of a pager").nullable().default(null) })
  .prefault({});

/** The other keys belong to the pager's type. */
export const PagerEntry = z.looseObject({ type: z.string(), label: Label, mayShowPhones: z.boolean().default(false) });

/** Whether only this machine can reach a host by that name. */
export function isLoopback(host: string): boolean {
  return (isIPv4(host) && host.startsWith("127.")) || host === "::1" || host === "[::1]" || host === "localhost";
}

/** Whether a host to listen on stands for all addresses of this machine, however it is written. */
export function isAnyAddress(host: string): boolean {
  const written = URL.parse(`http://${isIPv6(host) ? `[${host}]` : host}`)?.hostname ?? "";
  return ["0.0.0.0", "[::]", "[::ffff:0:0]"].includes(written);
}

function isTimezone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en-GB", { timeZone: name }).resolvedOptions().timeZone.length > 0;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
