import type { EventKind, HistoryLine, RecordedLine } from "../../bot/domain/incident/history.ts";

const at = Date.UTC(2026, 10, 24, 13, 2, 20);
const by = { id: "anna", name: "Anna Bakker" };
const people = [by, { id: "bob", name: "Bob de Vries" }];
const page = { pager: "security-desk", key: "1-1-1" } as const;

/** One line of every kind; a kind that is missing here does not compile. */
const lines = {
  opened: { kind: "opened", source: "buttons", button: "0042", via: "button", lateMs: 180_000 },
  "pressed-again": {
    kind: "pressed-again",
    source: "buttons",
    button: "0042",
    via: "button",
    presses: 3,
    elsewhere: "Balie",
  },
  "place-corrected": { kind: "place-corrected", place: "Kamer 5", by },
  "round-started": { kind: "round-started", round: 2, reason: "repeat" },
  rung: { kind: "rung", people, round: 1 },
  told: { kind: "told", channel: "managers" },
  "nobody-on-duty": { kind: "nobody-on-duty" },
  "nobody-free": { kind: "nobody-free" },
  occupied: { kind: "occupied", people },
  withheld: { kind: "withheld", person: by, route: "message" },
  claimed: { kind: "claimed", by },
  "also-coming": { kind: "also-coming", by },
  declined: { kind: "declined", by },
  arrived: { kind: "arrived", by },
  "checked-in": { kind: "checked-in", by },
  "now-elsewhere": { kind: "now-elsewhere", by },
  help: { kind: "help", by },
  "112-called": { kind: "112-called", by },
  "police-there": { kind: "police-there", by },
  "call-back-changed": { kind: "call-back-changed" },
  "all-declined": { kind: "all-declined" },
  lapsed: { kind: "lapsed", people },
  "check-asked": { kind: "check-asked", people },
  "check-missed": { kind: "check-missed" },
  verified: { kind: "verified", verification: "witnessed", by },
  cancelled: { kind: "cancelled" },
  restored: { kind: "restored" },
  returned: { kind: "returned" },
  "policy-replaced": { kind: "policy-replaced", gone: ["security-desk"] },
  located: { kind: "located" },
  "feedback-sent": { kind: "feedback-sent", button: "0042", what: "received" },
  "feedback-failed": { kind: "feedback-failed", button: "0042", what: "coming" },
  "card-posted": { kind: "card-posted" },
  "teams-unreachable": { kind: "teams-unreachable" },
  "teams-busy": { kind: "teams-busy" },
  "page-held": { kind: "page-held", pager: "security-desk" },
  "page-queued": { kind: "page-queued", ...page, reason: "unclaimed" },
  "page-accepted": { kind: "page-accepted", ...page },
  "page-failed": { kind: "page-failed", ...page, reason: "unreachable" },
  "guard-accepted": { kind: "guard-accepted", pager: "security-desk" },
  "guard-declined": { kind: "guard-declined", pager: "security-desk" },
  "guard-arrived": { kind: "guard-arrived", pager: "security-desk" },
  "guard-lapsed": { kind: "guard-lapsed", pager: "security-desk" },
  "guard-help": { kind: "guard-help", pager: "security-desk", who: "link" },
  called: { kind: "called", people, pager: "phone" },
  "not-delivered": { kind: "not-delivered", person: by, route: "call", reason: "no-answer" },
  "not-mentioned": { kind: "not-mentioned", people, reason: "refused" },
  "called-off": { kind: "called-off", by },
  "call-off-taken": { kind: "call-off-taken", pager: "security-desk" },
  "call-off-failed": { kind: "call-off-failed", pager: "security-desk", reason: "impossible" },
  closed: { kind: "closed", outcome: "real", by },
} as const satisfies { [Kind in EventKind]: Omit<HistoryLine & { kind: Kind }, "at"> };

export const everyLine: readonly RecordedLine[] = Object.values(lines).map((line, index) => ({
  ...line,
  at,
  seq: index + 1,
}));
