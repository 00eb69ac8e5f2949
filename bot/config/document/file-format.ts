/** The configuration file, section by section. A message says what is expected, and never quotes the value. */
import { isIPv4, isIPv6 } from "node:net";
import { z } from "zod";
import { languages } from "../../domain/language.ts";
import { toNetwork } from "../../kit/network.ts";
import { PhoneNumber } from "../../kit/phone-number.ts";
import { oneOrTwo } from "../../kit/secrets/one-or-two.ts";
import { expects } from "../../words/settings/expects.ts";
import { maxLineLengths } from "../../words/shared/line.ts";
import { onDuty } from "../configuration.ts";
import { Duty } from "../duty.ts";
import { Database } from "./database-format.ts";
import { SilentAfter } from "./duration.ts";

/** Names of sources, channels and pagers stand in addresses, lanes and metrics, and are kept with alarms by name. */
export const Name = z
  .string(expects("name"))
  .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, expects("nameForm"))
  .refine((name) => !(name in {}), expects("otherName"));

/** Names of policies stand in sentences only. */
export const PolicyName = z.string().regex(/^[\p{L}\p{N} _.-]{1,40}$/u, expects("policyName"));

const Guid = z.guid(expects("guid")).toLowerCase();

export const Line = z.string().refine((text) => /^[^\p{Cc}]{1,200}$/u.test(text), expects("line", 200));

/** One line that is shown as it is, where a longer one would be cut. */
function lineUpTo(limit: number) {
  return z.string().refine((text) => isLine(text, limit), expects("line", limit));
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
  }, expects("publicUrl"))
  .transform((text) => text.replace(/\/+$/, ""));

const ServiceUrl = z
  .string()
  .refine((text) => /^https?:$/.test(URL.parse(text)?.protocol ?? ""), expects("serviceUrl"));

/** A port may come from the environment, and then it is text. */
const Port = z.preprocess(
  (value) => (typeof value === "string" && /^\d{1,5}$/.test(value) ? Number(value) : value),
  z.int(expects("port")).min(0, expects("port")).max(65_535, expects("port")),
);

/**
 * Shortest prefix of a network of proxies: in a larger one there would be callers, who could then choose the address
 * that they are counted by.
 */
const minProxyPrefix = { ipv4: 8, ipv6: 32 };

const TrustedProxy = z.string(expects("network")).refine((text) => {
  const network = toNetwork(text);
  return network !== null && network.prefix >= minProxyPrefix[network.family];
}, expects("proxy"));

const Listen = z
  .strictObject({
    host: z.string().min(1).default("127.0.0.1"),
    port: Port.default(3978),
    trustedProxies: z.array(TrustedProxy, expects("addresses")).default([]),
  })
  .prefault({});

/** A section of named things, each of which is parsed by itself. */
export const Entries = z
  .record(z.string(), z.unknown(), expects("named"))
  .refine((entries) => Object.keys(entries).length > 0, expects("oneAtLeast"));

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
  .array(z.string().min(32, expects("secret", 32)), expects("secretList"))
  .min(1, expects("oneSecret"))
  .max(2, expects("twoSecrets"))
  .refine((keys) => new Set(keys).size === keys.length, expects("differing"))
  .default([]);

/** The token of a caller of one of our own doors; without it, that door is not there. */
const Token = oneOrTwo(z.string().min(16, expects("secret", 16)))
  .nullable()
  .default(null);

/** Whom to ask about this installation, as the page at the bot's own address says it. */
export const ContactEntry = z
  .strictObject({
    name: ShortLine.nullable().default(null),
    email: z.email(expects("mail")).nullable().default(null),
    privacy: z
      .url({ protocol: /^https$/, error: expects("privacy") })
      .nullable()
      .default(null),
  })
  .prefault({});

/** Sections that are one value. */
export const Settings = z.object({
  organisation: Line,
  language: z.enum(languages).default("nl"),
  timezone: z.string().refine(isTimezone, expects("timezone")).default("Europe/Amsterdam"),
  listen: Listen,
  publicUrl: PublicUrl.nullable().default(null),
  database: Database.default("sqlite:data/rugdekking.db"),
  metricsToken: Token,
  doctorToken: Token,
  guardKeys: GuardKeys,
});

/** It is typed in Teams, so nothing a phone would change may be in it. */
const LinkCode = z.string().regex(/^(?=\D*\d)(?=.{8,64}$)[A-Za-z0-9](?:-?[A-Za-z0-9]){7,}$/, expects("linkCode"));

export const TeamsEntry = z
  .strictObject({
    appId: Guid.nullable().default(null),
    tenantId: Guid.nullable().default(null),
    clientSecret: oneOrTwo(z.string().min(1)).nullable().default(null),
    clientSecretEndsOn: z.iso.date(expects("date")).nullable().default(null),
    local: z.boolean().default(false),
    serviceUrl: ServiceUrl.nullable().default(null),
    linkCode: oneOrTwo(LinkCode).nullable().default(null),
  })
  .prefault({});

/** A tag as Microsoft Graph names it; its name is what stands behind the @ in a message. */
const TagEntry = z.strictObject({
  id: z.string().regex(/^[\x21-\x7e]{1,400}$/, expects("tag")),
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
const PersonId = z.guid(expects("person")).toLowerCase();

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
        .array(z.string(expects("location")), expects("locations"))
        .min(1, expects("oneLocation"))
        .nullable()
        .default(null),
    }),
    expects("people"),
  )
  .optional()
  .transform((people) => ({ configured: people ?? null }));

const Reference = z.string(expects("name")).nullable().default(null);

const OnePolicy = z.string(expects("onePolicy")).nullable().default(null);

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
  aliases: z.array(ShortLine, expects("aliases")).max(10, expects("tenAliases")).default([]),
  address: lineUpTo(maxLineLengths.address).nullable().default(null),
  entrance: lineUpTo(maxLineLengths.entrance).nullable().default(null),
  phone: z
    .union([PhoneNumber, z.literal(onDuty)], expects("phoneOnDuty"))
    .nullable()
    .default(null),
  codeWord: Line.nullable().default(null),
  account: z
    .string()
    .regex(/^[0-9A-Fa-f]{3,16}$/, expects("account"))
    .nullable()
    .default(null),
  position: z
    .strictObject({
      lat: z.number().min(-90).max(90),
      lon: z.number().min(-180).max(180),
      radius: z.int(expects("metres")).min(1, expects("metres")).max(50_000, expects("metres")),
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
export const TroublesEntry = z.strictObject({ tell: z.string(expects("pager")).nullable().default(null) }).prefault({});

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
