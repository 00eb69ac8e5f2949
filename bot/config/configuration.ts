import type { Policy, Tag } from "../domain/incident/policy.ts";
import type { Language } from "../domain/language.ts";
import type { Secret } from "../kit/secrets/secret.ts";
import type { Duty } from "./duty.ts";

/** Where the process listens. */
export interface Listen {
  readonly host: string;
  readonly port: number;
  /** Addresses and networks of the proxies in front, whose word on who calls is taken. */
  readonly trustedProxies: readonly string[];
}

/**
 * Either an app registration (`appId`, `tenantId` and `clientSecret` together) or `local`: an emulator on this machine.
 */
export interface TeamsSettings {
  readonly appId: string | null;
  readonly tenantId: string | null;
  readonly clientSecret: Secret | null;
  /** The day from which the secret is no longer valid, as ISO 8601 writes it; null: nobody said. */
  readonly clientSecretEndsOn: string | null;
  readonly local: boolean;
  readonly serviceUrl: string | null;
  /** What stands in for a team lead where none is configured; null: the store has one. */
  readonly linkCode: Secret | null;
}

/** A channel of Teams in which cards stand. `conversation` null: it is linked in Teams. */
export interface ChannelEntry {
  readonly conversation: string | null;
  /** The tag that each card rings; null: none. `mayRingPresser`: that it may ring who pressed is accepted (rule 7). */
  readonly tag: (Tag & { readonly mayRingPresser: boolean }) | null;
}

/** A colleague who may be on duty. */
export interface PersonEntry {
  readonly id: string;
  readonly name: string;
  readonly phone: string | null;
  readonly onDuty: Duty;
  readonly lead: boolean;
  /**
   * Whether what becomes of their own press is told them by messages, which ring, and not by a silent card; null: as
   * the location of the alarm says.
   */
  readonly tellPresser: boolean | null;
  /** The locations to which they may be asked to come; null: all. */
  readonly locations: readonly string[] | null;
}

/** In the place of a location's phone: whoever is on duty there. */
export const onDuty = "on-duty";

/**
 * A building or area (rule 22). `policy`, `channel`: of its alarms; null: those of their sources (rule 23). The rest is
 * for whoever comes from outside, and stands on what leaves for external security; but for the code word.
 */
export interface LocationEntry {
  readonly name: string;
  /** What else people call it, by which an alarm that is typed may name it; shown nowhere. */
  readonly aliases: readonly string[];
  readonly address: string | null;
  readonly entrance: string | null;
  /** Whom external security calls back: a number, or `onDuty`. */
  readonly phone: string | null;
  /** Where the code word lies, and never the word. */
  readonly codeWord: string | null;
  /** Its number at the alarm centre. */
  readonly account: string | null;
  /** Degrees, and metres around them. */
  readonly position: { readonly lat: number; readonly lon: number; readonly radius: number } | null;
  readonly policy: string | null;
  readonly channel: string | null;
  /** Whether who presses there is told by messages, where their own entry does not say. */
  readonly tellPresser: boolean;
}

/**
 * One device of a source. `fixed: false`: a field button, whose place proves nothing about where it is. `location`,
 * `policy`, `channel`: null for what its location or source says.
 */
export interface ButtonEntry {
  readonly source: string;
  readonly id: string;
  readonly place: string | null;
  readonly directions: string | null;
  readonly holder: string | null;
  readonly fixed: boolean;
  readonly location: string | null;
  readonly policy: string | null;
  readonly channel: string | null;
}

/** The type of the source whose alarms are typed in a chat with the bot: the bot's own, without an adapter. */
export const teamsType = "teams";

/** A source of alarms; `options` is what the schema of its type made of its other settings. */
export interface SourceEntry {
  readonly type: string;
  /** What people call it; null: by its key. */
  readonly label: string | null;
  readonly policy: string;
  readonly channel: string;
  /** Of those of its buttons that have none; null: unknown. */
  readonly location: string | null;
  /** How long a button of it may be silent, at a fixed place and in the field; null: silence is no trouble. */
  readonly silentAfter: { readonly fixedMs: number; readonly fieldMs: number } | null;
  readonly options: unknown;
}

/** A way to external security; `options` is what the schema of its type made of its other settings. */
export interface PagerEntry {
  readonly type: string;
  /** What people call it; null: by its key. */
  readonly label: string | null;
  /** Whether it can call colleagues on their own phones. */
  readonly canCall: boolean;
  /** Whether it may tell external security the phone of a colleague who is on duty. */
  readonly mayShowPhones: boolean;
  /** Whether it can tell what is wrong without it being taken for an alarm. */
  readonly canTell: boolean;
  /** Whether it says in words where an alarm is. */
  readonly tellsWhere: boolean;
  readonly options: unknown;
}

/** Whom to ask about this installation; each null: nobody said. */
export interface Contact {
  readonly name: string | null;
  readonly email: string | null;
  /** The https address of a privacy statement. */
  readonly privacy: string | null;
}

/** A checked configuration: every name in it refers to something, every policy reaches external security. */
export interface Configuration {
  readonly organisation: string;
  readonly language: Language;
  readonly timezone: string;
  readonly listen: Listen;
  /** Without a slash at the end. */
  readonly publicUrl: string;
  readonly database: string;
  /** The token of a reader of `/metrics`; null: there are no metrics to read. */
  readonly metricsToken: Secret | null;
  /** The token of the doctor, who may test the routes to external security, and Teams; null: it can't. */
  readonly doctorToken: Secret | null;
  /** Secrets of the guards' links, newest first; empty: the store's own key alone. */
  readonly guardKeys: readonly string[];
  readonly teams: TeamsSettings;
  readonly channels: Readonly<Record<string, ChannelEntry>>;
  /** null when no roster is configured: then the channel is the roster (rule 9). */
  readonly people: readonly PersonEntry[] | null;
  readonly sources: Readonly<Record<string, SourceEntry>>;
  readonly buttons: readonly ButtonEntry[];
  /** Empty when none are configured. */
  readonly locations: Readonly<Record<string, LocationEntry>>;
  /** With the channel `own` where a step tells whichever channel the alarm is for: `toPolicyIn` fills it in. */
  readonly policies: Readonly<Record<string, Policy>>;
  readonly pagers: Readonly<Record<string, PagerEntry>>;
  /** `tell`: the pager by which troubles are told where Teams is not needed; null: none. No policy has it. */
  readonly troubles: { readonly tell: string | null };
  readonly contact: Contact;
  /** What is allowed and still worth a line in the log at start. */
  readonly warnings: readonly string[];
  /** Those of the warnings that are about who else may get in: a trouble for as long as they stand. */
  readonly weaknesses: readonly string[];
}
