/**
 * From where somebody asks. `card`: a channel in which a card of the incident stands, or to which its alarms go; also
 * any conversation while that can't be read, because a colleague who really is there is never refused by a full disk.
 * `linked`: a channel of the configuration. `chat`: a chat with the bot alone. `elsewhere`: any other conversation.
 * `page`: a guard's page, whose address proves the page. `phone`: a key on the phone that was called, and whatever else
 * a provider says that was answered over its route.
 */
export type AskedFrom = "card" | "linked" | "chat" | "elsewhere" | "page" | "phone";

/**
 * What somebody is who asks; one may be several. `listed`: among the people of the configuration. `lead`: a team lead
 * of it. `code`: knows the code that stands in for a lead where there is none. `member`: of a linked channel. `rung`:
 * was messaged, mentioned or called for this incident. `answered`: clicked or typed an answer to it, in any round.
 * `arrived`: was there in any round of it. `there`: is there now.
 * `silent`: is there, and did not answer the check. `presser`: pressed, or wears a button that did. `typist`: pressed
 * in Teams. `guard`: has a page of this incident. `guard-there`: the same, and is there.
 */
export type Role =
  | "listed"
  | "lead"
  | "code"
  | "member"
  | "rung"
  | "answered"
  | "arrived"
  | "there"
  | "silent"
  | "presser"
  | "typist"
  | "guard"
  | "guard-there";

/** Why it is refused. `elsewhere`: not from there, which is all that is said then. */
export type Refused = "elsewhere" | "presser" | "not-there" | "not-allowed";

interface Right {
  /** Who may ask from where; a place that is left out is no place to ask it from. Left out whole: from anywhere. */
  readonly from?: Readonly<Partial<Record<AskedFrom, "anybody" | readonly Role[]>>>;
  /** Of those, who may: whoever has one of these roles; left out: all of them. */
  readonly only?: readonly Role[];
  /** Of those, who never may. */
  readonly never?: readonly ("presser" | "silent")[];
}

/** The card is shared by its channel; in a chat it takes more than an id (rule 28). */
const asColleague = { card: "anybody", chat: ["listed", "rung", "answered"] } as const;
const asLead = ["lead", "code"] as const;

/**
 * Who may do what, by from where they ask it and what they are (rule 28). Whatever asks that reads it here. An alarm
 * that is typed and the place of whoever types it are not in it, because they are for anybody, from anywhere.
 */
export const rights = {
  claim: { from: { ...asColleague, phone: ["listed", "rung"] }, never: ["presser"] },
  decline: { from: { ...asColleague, phone: ["listed", "rung"] }, never: ["presser"] },
  arrive: { from: asColleague, never: ["presser"] },
  witness: { from: asColleague, only: ["arrived"], never: ["presser"] },
  help: { from: { ...asColleague, chat: [...asColleague.chat, "presser"] } },
  "check-in": { from: asColleague, only: ["there"] },
  "call-off": { from: asColleague, only: ["there"], never: ["presser", "silent"] },
  // Who sits beside an aggressor may be who called.
  "112-called": { from: { ...asColleague, chat: [...asColleague.chat, "presser"] } },
  "police-there": { from: { ...asColleague, chat: [...asColleague.chat, "presser"] }, only: ["arrived", "presser"] },
  resolve: { from: asColleague, only: ["arrived", "lead"], never: ["presser"] },

  "guard-accept": { from: { page: ["guard"], phone: ["guard"] } },
  "guard-decline": { from: { page: ["guard"], phone: ["guard"] } },
  "guard-arrived": { from: { page: ["guard"] } },
  "guard-help": { from: { page: ["guard"] } },
  "guard-safe": { from: { page: ["guard"] }, only: ["guard-there"] },

  oops: { only: ["typist"] },
  "correct-place": { only: ["typist"] },
  visit: { from: { chat: "anybody" } },
  status: { from: { linked: "anybody", chat: ["listed", "member"] } },
  link: { from: { linked: "anybody", elsewhere: "anybody" }, only: asLead },
  test: { only: asLead },
  "test-look": { from: { linked: "anybody", chat: ["listed", "code"], elsewhere: asLead } },
  "test-confirm": { only: asLead },
  "test-click": { from: { linked: "anybody" } },
  "ring-test": { from: { linked: "anybody", chat: "anybody" }, only: asLead },
  "ring-look": { from: { linked: "anybody", chat: asLead } },
  "ring-names": { from: { chat: asLead } },
  "ring-heard": { from: { chat: ["listed"] } },
} as const satisfies Readonly<Record<string, Right>>;

/** What somebody may ask for. */
export type Deed = keyof typeof rights;

/** Whether that may be asked from there at all, by somebody with these roles. */
export function mayAskFrom(deed: Deed, from: AskedFrom, roles: readonly Role[]): boolean {
  const right: Right = rights[deed];
  if (right.from === undefined) return true;
  const who = right.from[from] ?? [];
  return who === "anybody" || hasOneOf(roles, who);
}

/** Why somebody with these roles may not, wherever they ask; null when they may. */
export function refusalOf(deed: Deed, roles: readonly Role[]): Exclude<Refused, "elsewhere"> | null {
  const { only, never = [] }: Right = rights[deed];
  if (never.includes("presser") && roles.includes("presser")) return "presser";
  const isLacking = only !== undefined && !hasOneOf(roles, only);
  if (!isLacking) return hasOneOf(roles, never) ? "not-there" : null;
  return hasOneOf(only, ["arrived", "there", "guard-there"]) ? "not-there" : "not-allowed";
}

/** Both of the above: why somebody may not ask that from there; null when they may. */
export function refusalFrom(deed: Deed, from: AskedFrom, roles: readonly Role[]): Refused | null {
  return mayAskFrom(deed, from, roles) ? refusalOf(deed, roles) : "elsewhere";
}

function hasOneOf(roles: readonly Role[], wanted: readonly Role[]): boolean {
  return wanted.some((role) => roles.includes(role));
}
