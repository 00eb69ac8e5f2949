import type { RingRoute } from "./person.ts";

/** The key of a page. It stays the same over retries and is new in a new round (rule 14). */
export interface PageKey {
  readonly kind: "page";
  readonly incident: string;
  readonly round: number;
  readonly step: number;
}

/**
 * Identifies one message. The key stays the same over retries, and what is enqueued twice under one key goes out once.
 * `page` is the text of the key of the page that the message is about.
 */
export type MessageKey =
  | { readonly kind: "card" | "board"; readonly incident: string }
  /** That somebody need not come; `version`: the incident's, by which its location is another one. */
  | { readonly kind: "let-go"; readonly incident: string; readonly version: number; readonly person: string }
  /** A 1:1 message; new each time people are rung. */
  | { readonly kind: "message"; readonly incident: string; readonly ring: number; readonly person: string }
  /** The card of an incident in somebody's chat; and that it is over, to who is still on the way. */
  | { readonly kind: "chat" | "all-clear"; readonly incident: string; readonly person: string }
  /** What somebody is shown of their own press, and the card on which it is. */
  | { readonly kind: "presser" | "presser-card"; readonly person: string }
  /** The mention in the channel of that ring. */
  | { readonly kind: "ring"; readonly incident: string; readonly ring: number }
  | { readonly kind: "notice"; readonly incident: string; readonly round: number; readonly step: number }
  | PageKey
  /** A page that goes out from memory, because its round can't be recorded. `times`: from 1, and growing. */
  | { readonly kind: "again"; readonly page: string; readonly times: number }
  /** `version`: the incident's, so that each version has updates of its own. */
  | { readonly kind: "update" | "call-off"; readonly page: string; readonly version: number }
  /** A call to a colleague; new in a new round. */
  | {
      readonly kind: "call";
      readonly incident: string;
      readonly round: number;
      readonly step: number;
      readonly person: string;
    }
  | {
      readonly kind: "feedback";
      readonly incident: string;
      readonly version: number;
      readonly source: string;
      readonly button: string;
      readonly what: string;
    }
  | {
      readonly kind: "visit-ask";
      readonly person: string;
      readonly startedAt: number;
      readonly endsAt: number;
      readonly asked: number;
    }
  | { readonly kind: "visit-pressed"; readonly person: string; readonly startedAt: number; readonly endsAt: number }
  /** `day`: a date as ISO 8601 writes it. */
  | { readonly kind: "troubles"; readonly channel: string; readonly day: string }
  | { readonly kind: "sign-of-life"; readonly channel: string; readonly day: string }
  | { readonly kind: "trouble-report"; readonly pager: string; readonly day: string }
  /** `at`: when the alarms of that channel went elsewhere, in epoch milliseconds. */
  | { readonly kind: "moved"; readonly channel: string; readonly at: number }
  | { readonly kind: "test"; readonly pager: string; readonly test: string }
  | { readonly kind: "test-result"; readonly test: string }
  /** Asks one person whether they hear it. `test`: the id of a test of several, or the day of a first duty. */
  | { readonly kind: "ring-test"; readonly route: RingRoute; readonly test: string; readonly person: string };

/**
 * The text of a key. Its form never changes, because it stands in databases, guards' links, call-back addresses and
 * PagerDuty.
 */
export function formatKey(key: MessageKey): string {
  switch (key.kind) {
    case "card":
    case "board":
      return `${key.kind}:${key.incident}`;
    case "message":
      return `message:${key.incident}:${key.ring}:${key.person}`;
    case "chat":
    case "all-clear":
      return `${key.kind}:${key.incident}:${key.person}`;
    case "let-go":
      return `let-go:${key.incident}:${key.version}:${key.person}`;
    case "presser":
    case "presser-card":
      return `${key.kind}:${key.person}`;
    case "ring":
      return `ring:${key.incident}:${key.ring}`;
    case "notice":
      return `notice:${key.incident}:${key.round}:${key.step}`;
    case "page":
      return `${key.incident}-${key.round}-${key.step}`;
    case "again":
      return `${key.page}:again:${key.times}`;
    case "update":
    case "call-off":
      return `${key.page}:${key.kind}:${key.version}`;
    case "call":
      return `${key.incident}-${key.round}-${key.step}@${key.person}`;
    case "feedback":
      return `feedback:${key.incident}:${key.version}:${key.source}:${key.button}:${key.what}`;
    case "visit-ask":
      return `visit:${key.person}:${key.startedAt}:${key.endsAt}:${key.asked}`;
    case "visit-pressed":
      return `visit:${key.person}:${key.startedAt}:${key.endsAt}:pressed`;
    case "troubles":
      return `troubles:${key.channel}:${key.day}`;
    case "sign-of-life":
      return `sign-of-life:${key.channel}:${key.day}`;
    case "trouble-report":
      return `trouble-report:${key.pager}:${key.day}`;
    case "moved":
      return `moved:${key.channel}:${key.at}`;
    case "test":
      return `test.${key.pager}.${key.test}`;
    case "test-result":
      return `test-result:${key.test}`;
    case "ring-test":
      return `ring-test.${key.route}.${key.test}.${key.person}`;
  }
}

/**
 * Reads the text of a key; null when it is none. A number with zeros before it is refused, because `formatKey` writes
 * none.
 */
export function parseKey(text: string): MessageKey | null {
  for (const [pattern, toKey] of grammar) {
    const parts = pattern.exec(text)?.groups;
    if (parts !== undefined) return toKey(parts);
  }
  return null;
}

/** Reads the text of a page's key; null when it is none, also for the key of an update, a call-off or a repeat. */
export function parsePageKey(text: string): PageKey | null {
  const key = parseKey(text);
  return key?.kind === "page" ? key : null;
}

type Parts = Readonly<Record<string, string | undefined>>;

/** Fifteen digits at most, because a number holds no more exactly. */
const whole = String.raw`(?:0|[1-9]\d{0,14})`;
const round = String.raw`(?:0|[1-9]\d{0,8})`;
const step = String.raw`(?:0|[1-9]\d{0,3})`;
/** An incident's id holds no "@", because in the key of a call the colleague's id follows an "@". */
const page = `[^@]+-${round}-${step}`;
const pageParts = `(?<incident>[^@]+)-(?<round>${round})-(?<step>${step})`;
const visit = `visit:(?<person>.+):(?<startedAt>${whole}):(?<endsAt>${whole})`;

/**
 * The first pattern that fits counts. Keys that begin with a fixed word come before those of pages, because the day in
 * a key of `troubles` ends as a page's key does, and so may a colleague's id in Teams.
 */
const grammar: readonly (readonly [RegExp, (parts: Parts) => MessageKey])[] = [
  [/^test\.(?<pager>[a-z0-9-]{1,40})\.(?<test>[0-9a-f]{1,32})$/, toTest],
  [/^test-result:(?<test>.+)$/s, ({ test = "" }) => ({ kind: "test-result", test })],
  [/^ring-test\.(?<route>chat|phone)\.(?<test>[0-9a-f-]{1,32})\.(?<person>.+)$/s, toRingTest],
  [/^card:(?<incident>.+)$/s, ({ incident = "" }) => ({ kind: "card", incident })],
  [/^board:(?<incident>.+)$/s, ({ incident = "" }) => ({ kind: "board", incident })],
  [toPattern(`message:(?<incident>.+?):(?<ring>${whole}):(?<person>.+)`), toMessage],
  [toPattern("chat:(?<incident>.+?):(?<person>.+)"), (parts) => ({ kind: "chat", ...toOneOf(parts) })],
  [toPattern("all-clear:(?<incident>.+?):(?<person>.+)"), (parts) => ({ kind: "all-clear", ...toOneOf(parts) })],
  [toPattern(`let-go:(?<incident>.+?):(?<version>${whole}):(?<person>.+)`), toLetGo],
  [toPattern("presser:(?<person>.+)"), ({ person = "" }) => ({ kind: "presser", person })],
  [toPattern("presser-card:(?<person>.+)"), ({ person = "" }) => ({ kind: "presser-card", person })],
  [toPattern(`ring:(?<incident>.+):(?<ring>${whole})`), toRing],
  [toPattern(`notice:(?<incident>.+):(?<round>${round}):(?<step>${step})`), toNotice],
  [
    toPattern(`feedback:(?<incident>.+?):(?<version>${whole}):(?<source>[a-z0-9-]+):(?<button>.*):(?<what>[a-z]+)`),
    toFeedback,
  ],
  [toPattern(`${visit}:(?<asked>${whole})`), toVisitAsk],
  [toPattern(`${visit}:pressed`), toVisitPressed],
  [/^troubles:(?<channel>.+):(?<day>\d{4}-\d\d-\d\d)$/s, toTroubles],
  [/^sign-of-life:(?<channel>.+):(?<day>\d{4}-\d\d-\d\d)$/s, toSignOfLife],
  [/^trouble-report:(?<pager>.+):(?<day>\d{4}-\d\d-\d\d)$/s, toTroubleReport],
  [toPattern(`moved:(?<channel>.+):(?<at>${whole})`), toMoved],
  [toPattern(`${pageParts}@(?<person>.*)`), toCall],
  [toPattern(String.raw`(?<page>${page}):again:(?<times>[1-9]\d{0,14})`), toAgain],
  [toPattern(`(?<page>${page}):update:(?<version>${whole})`), (parts) => ({ kind: "update", ...toVersion(parts) })],
  [toPattern(`(?<page>${page}):call-off:(?<version>${whole})`), (parts) => ({ kind: "call-off", ...toVersion(parts) })],
  [toPattern(pageParts), (parts) => ({ kind: "page", ...toStep(parts) })],
];

function toPattern(text: string): RegExp {
  return new RegExp(`^${text}$`, "s");
}

function toStep({ incident = "", round, step }: Parts) {
  return { incident, round: Number(round), step: Number(step) };
}

function toMessage({ incident = "", ring, person = "" }: Parts): MessageKey {
  return { kind: "message", incident, ring: Number(ring), person };
}

function toLetGo({ incident = "", version, person = "" }: Parts): MessageKey {
  return { kind: "let-go", incident, version: Number(version), person };
}

function toOneOf({ incident = "", person = "" }: Parts) {
  return { incident, person };
}

function toRing({ incident = "", ring }: Parts): MessageKey {
  return { kind: "ring", incident, ring: Number(ring) };
}

function toNotice(parts: Parts): MessageKey {
  return { kind: "notice", ...toStep(parts) };
}

function toAgain({ page = "", times }: Parts): MessageKey {
  return { kind: "again", page, times: Number(times) };
}

function toVersion({ page = "", version }: Parts) {
  return { page, version: Number(version) };
}

function toCall(parts: Parts): MessageKey {
  return { kind: "call", ...toStep(parts), person: parts.person ?? "" };
}

function toFeedback({ incident = "", version, source = "", button = "", what = "" }: Parts): MessageKey {
  return { kind: "feedback", incident, version: Number(version), source, button, what };
}

function toVisit({ person = "", startedAt, endsAt }: Parts) {
  return { person, startedAt: Number(startedAt), endsAt: Number(endsAt) };
}

function toVisitAsk(parts: Parts): MessageKey {
  return { kind: "visit-ask", ...toVisit(parts), asked: Number(parts.asked) };
}

function toVisitPressed(parts: Parts): MessageKey {
  return { kind: "visit-pressed", ...toVisit(parts) };
}

function toTroubles({ channel = "", day = "" }: Parts): MessageKey {
  return { kind: "troubles", channel, day };
}

function toSignOfLife({ channel = "", day = "" }: Parts): MessageKey {
  return { kind: "sign-of-life", channel, day };
}

function toTroubleReport({ pager = "", day = "" }: Parts): MessageKey {
  return { kind: "trouble-report", pager, day };
}

function toMoved({ channel = "", at }: Parts): MessageKey {
  return { kind: "moved", channel, at: Number(at) };
}

function toTest({ pager = "", test = "" }: Parts): MessageKey {
  return { kind: "test", pager, test };
}

function toRingTest({ route, test = "", person = "" }: Parts): MessageKey {
  return { kind: "ring-test", route: route === "phone" ? route : "chat", test, person };
}

/** The key of the page of that step. */
export function toPageKey(incident: string, round: number, step: number): string {
  return formatKey({ kind: "page", incident, round, step });
}

/**
 * The key of a page from memory. The page that is recorded has the other one, and would pass for a retry of this one:
 * it has a link, and may tell of help. Counted in seconds by the clock, because an earlier process may have paged too.
 */
export function toKeyFromMemory(page: string, now: number): string {
  return formatKey({ kind: "again", page, times: Math.floor(now / 1_000) });
}
