import type { Person } from "../../domain/person.ts";
import { type AskedFrom, type Deed, mayAskFrom, type Refused, type Role, refusalFrom } from "../../domain/who-may.ts";
import { findValue, isSameSecret, type NoteSecret } from "../../kit/secrets/secret.ts";
import type { Log } from "../../log.ts";
import type { Audit } from "../../log-events/audit.ts";
import type { Directory } from "../../ports/directory.ts";
import type { Clock } from "../../ports/time.ts";
import type { Channels } from "../outbound/channels.ts";
import type { Members } from "../outbound/members.ts";
import type { Origin } from "../wire/activity.ts";

/** Longest that Teams is asked whether somebody is in a channel. */
const memberWithinMs = 3_000;
/** Wrong codes that one person may type within the time below; after that none of theirs counts. */
const maxWrongCodes = 10;
const wrongCodesForMs = 3_600_000;
/** Who is refused one of these is noted, and what they would have changed or rung. */
const audited: Partial<Readonly<Record<Deed, string>>> = { link: "channels", test: "pagers", "ring-test": "people" };

export interface AskersOptions {
  readonly directory: Pick<Directory, "rolesOf" | "hasLeads">;
  /** The code that stands in for a team lead where none is configured. */
  readonly linkCodes: () => readonly string[];
  readonly noteSecret: NoteSecret;
  readonly channels: Pick<Channels, "namesOf" | "links">;
  readonly members: Pick<Members, "isMember">;
  readonly clock: Clock;
  readonly log: Log;
}

/** Knows what those who type or click are, and so what they may (rule 28). */
export class Askers {
  readonly #options: AskersOptions;
  /** Ids of people who typed the code, so that they can go on with what they began. */
  readonly #knowCode = new Set<string>();
  readonly #wrongCodes = new Map<string, { readonly count: number; readonly until: number }>();

  constructor(options: AskersOptions) {
    this.#options = options;
  }

  /** Whether anybody is a team lead; else the code counts. */
  get hasLeads(): boolean {
    return this.#options.directory.hasLeads;
  }

  /** Why this person may not ask that here; null when they may. `code`: what they typed as the code; null: nothing. */
  refusalOf(deed: Deed, origin: Origin, code: string | null = null): Refused | null {
    const refused = refusalFrom(deed, this.#askedFrom(origin), this.#rolesOf(origin.from, code));
    const subject = audited[deed];
    if (refused !== null && subject !== undefined) {
      const audit: Audit = { by: { kind: "person", id: origin.from.id }, on: [subject], result: "refused" };
      this.#options.log.warn({ command: deed, audit }, "command-refused");
    }
    return refused;
  }

  /** As `refusalOf`, where it matters whether they are in a channel; Teams is asked that only then. Never rejects. */
  async mayAsMember(deed: Deed, origin: Origin): Promise<boolean> {
    const from = this.#askedFrom(origin);
    const roles = this.#rolesOf(origin.from, null);
    if (mayAskFrom(deed, from, roles)) return true;
    return mayAskFrom(deed, from, [...roles, "member"]) && (await this.#isMember(origin.from));
  }

  #askedFrom({ scope, conversation }: Origin): AskedFrom {
    if (scope === "personal") return "chat";
    return this.#options.channels.namesOf(conversation).length > 0 ? "linked" : "elsewhere";
  }

  #rolesOf(person: Person, code: string | null): readonly Role[] {
    const { directory } = this.#options;
    const roles = directory.rolesOf(person);
    return !directory.hasLeads && this.#knowsCode(person, code) ? [...roles, "code"] : roles;
  }

  #knowsCode({ id }: Person, code: string | null): boolean {
    const { clock, log, linkCodes, noteSecret } = this.#options;
    if (code === null) return this.#knowCode.has(id);
    const wrong = this.#wrongCodes.get(id);
    const count = wrong !== undefined && wrong.until > clock.now() ? wrong.count : 0;
    const value = findValue(linkCodes(), (each) => isSameSecret(toBareCode(code), toBareCode(each)));
    if (count < maxWrongCodes && value !== null) {
      noteSecret("teams.linkCode", value);
      this.#knowCode.add(id);
      return true;
    }
    this.#knowCode.delete(id);
    this.#wrongCodes.set(id, { count: count + 1, until: clock.now() + wrongCodesForMs });
    log.warn({ person: id }, "code-wrong");
    return false;
  }

  /** Whether Teams knows this person in a linked channel; false too when it does not say so in time. */
  async #isMember(person: Person): Promise<boolean> {
    const { channels, members, clock, log } = this.#options;
    using deadline = clock.timeout(memberWithinMs);
    const found = channels.links().map((link) =>
      members.isMember(person, link, deadline.signal).catch((error: unknown) => {
        log.warn({ person: person.id, err: error }, "member-not-looked-up");
        return false;
      }),
    );
    return (await Promise.all(found)).includes(true);
  }
}

/** The letters and digits of a code: a phone puts in capitals, and a dash may be of any kind or a space. */
function toBareCode(code: string): string {
  return code.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}
