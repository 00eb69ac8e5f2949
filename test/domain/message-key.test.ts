import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatKey, type MessageKey, parseKey, parsePageKey } from "../../bot/domain/message-key.ts";

const incident = "019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6071";
const person = "00000000-0000-4000-8000-000000000001";
const page = `${incident}-1-2`;
const startedAt = 1_764_000_000_000;
const endsAt = 1_764_003_600_000;

/** The text of each kind, by hand: databases, guards' links, call-back addresses and PagerDuty hold it. */
const texts: readonly [string, MessageKey][] = [
  [`card:${incident}`, { kind: "card", incident }],
  [`board:${incident}`, { kind: "board", incident }],
  [`message:${incident}:7:${person}`, { kind: "message", incident, ring: 7, person }],
  [`message:${incident}:7:29:1ab-12-34`, { kind: "message", incident, ring: 7, person: "29:1ab-12-34" }],
  [`chat:${incident}:29:1ab-12-34`, { kind: "chat", incident, person: "29:1ab-12-34" }],
  [`all-clear:${incident}:${person}`, { kind: "all-clear", incident, person }],
  [`let-go:${incident}:7:29:1ab-12-34`, { kind: "let-go", incident, version: 7, person: "29:1ab-12-34" }],
  [`presser:${person}`, { kind: "presser", person }],
  ["presser-card:29:1ab-12-34", { kind: "presser-card", person: "29:1ab-12-34" }],
  [`ring:${incident}:7`, { kind: "ring", incident, ring: 7 }],
  [`notice:${incident}:1:2`, { kind: "notice", incident, round: 1, step: 2 }],
  [page, { kind: "page", incident, round: 1, step: 2 }],
  [`${page}:again:3`, { kind: "again", page, times: 3 }],
  [`${page}:update:4`, { kind: "update", page, version: 4 }],
  [`${page}:call-off:5`, { kind: "call-off", page, version: 5 }],
  [`${page}@${person}`, { kind: "call", incident, round: 1, step: 2, person }],
  [`${page}@29:1ab-12-34`, { kind: "call", incident, round: 1, step: 2, person: "29:1ab-12-34" }],
  [
    `feedback:${incident}:4:lora:1A2B/7:x:received`,
    { kind: "feedback", incident, version: 4, source: "lora", button: "1A2B/7:x", what: "received" },
  ],
  [`visit:${person}:${startedAt}:${endsAt}:1`, { kind: "visit-ask", person, startedAt, endsAt, asked: 1 }],
  [`visit:29:1ab:${startedAt}:${endsAt}:pressed`, { kind: "visit-pressed", person: "29:1ab", startedAt, endsAt }],
  ["troubles:frontdesk:2026-11-24", { kind: "troubles", channel: "frontdesk", day: "2026-11-24" }],
  ["sign-of-life:frontdesk:2026-11-24", { kind: "sign-of-life", channel: "frontdesk", day: "2026-11-24" }],
  ["trouble-report:mail:2026-11-24", { kind: "trouble-report", pager: "mail", day: "2026-11-24" }],
  ["moved:back-office:1764000000000", { kind: "moved", channel: "back-office", at: startedAt }],
  ["test.guard-phone.00ff00ff00ff00ff", { kind: "test", pager: "guard-phone", test: "00ff00ff00ff00ff" }],
  [`ring-test.chat.00ff00ff00ff00ff.${person}`, { kind: "ring-test", route: "chat", test: "00ff00ff00ff00ff", person }],
  [
    "ring-test.phone.2026-11-24.29:1ab-12-34",
    { kind: "ring-test", route: "phone", test: "2026-11-24", person: "29:1ab-12-34" },
  ],
  ["test-result:00ff00ff00ff00ff", { kind: "test-result", test: "00ff00ff00ff00ff" }],
];

const anyText = fc.string({ unit: "binary", minLength: 1, maxLength: 30 });
const words =
  /^(card|board|message|chat|all-clear|let-go|presser|presser-card|ring|notice|feedback|visit|troubles|sign-of-life|trouble-report|moved|test-result):/;
/** Ours are UUIDs; an old database may hold any other text without what takes keys apart. */
const anyIncident = fc.oneof(
  fc.uuid(),
  fc.stringMatching(/^incident-\d{1,3}$/),
  fc.stringMatching(/^[a-z]{1,3}(-\d{1,3}){0,3}$/),
  anyText.filter((text) => !/[@:]/.test(text)),
);
/** A page's may hold more, and only not begin as another key does. */
const anyPagedIncident = fc.oneof(
  anyIncident,
  anyText.filter((text) => !text.includes("@") && !words.test(text)),
);
const anyPerson = fc.oneof(
  fc.uuid(),
  fc.stringMatching(/^29:[A-Za-z0-9_-]{1,40}$/),
  fc.stringMatching(/^29:1ab-\d{1,2}-\d{1,2}$/),
  anyText,
);
const anyName = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,39}$/);
const anyTest = fc.stringMatching(/^[0-9a-f]{16}$/);
const anyRound = fc.nat({ max: 999_999_999 });
const anyStep = fc.nat({ max: 9_999 });
const anyCount = fc.nat({ max: 999_999_999_999_999 });
const anyMoment = fc.nat({ max: Date.UTC(9999, 0) });
const kind = <K extends MessageKey["kind"]>(name: K) => fc.constant(name);

const anyPage = fc.record({ kind: kind("page"), incident: anyPagedIncident, round: anyRound, step: anyStep });
const anyPageText = anyPage.map(formatKey);
const anyKey: fc.Arbitrary<MessageKey> = fc.oneof(
  fc.record({ kind: fc.constantFrom("card", "board"), incident: fc.oneof(anyIncident, anyText) }),
  fc.record({ kind: kind("message"), incident: anyIncident, ring: anyCount, person: anyPerson }),
  fc.record({ kind: fc.constantFrom("chat", "all-clear"), incident: anyIncident, person: anyPerson }),
  fc.record({ kind: kind("let-go"), incident: anyIncident, version: anyCount, person: anyPerson }),
  fc.record({ kind: fc.constantFrom("presser", "presser-card"), person: anyPerson }),
  fc.record({ kind: kind("ring"), incident: fc.oneof(anyIncident, anyText), ring: anyCount }),
  fc.record({ kind: kind("notice"), incident: fc.oneof(anyIncident, anyText), round: anyRound, step: anyStep }),
  anyPage,
  fc.record({ kind: kind("again"), page: anyPageText, times: anyCount.map((times) => Math.max(1, times)) }),
  fc.record({ kind: fc.constantFrom("update", "call-off"), page: anyPageText, version: anyCount }),
  fc.record({
    kind: kind("call"),
    incident: anyPagedIncident,
    round: anyRound,
    step: anyStep,
    person: fc.oneof(anyPerson, fc.constant("")),
  }),
  fc.record({
    kind: kind("feedback"),
    incident: anyIncident,
    version: anyCount,
    source: anyName,
    button: fc.oneof(anyText, fc.constant("")),
    what: fc.constantFrom("received", "coming"),
  }),
  fc.record({ kind: kind("visit-ask"), person: anyPerson, startedAt: anyMoment, endsAt: anyMoment, asked: anyCount }),
  fc.record({ kind: kind("visit-pressed"), person: anyPerson, startedAt: anyMoment, endsAt: anyMoment }),
  fc.record({
    kind: kind("troubles"),
    channel: fc.oneof(anyName, anyText),
    day: fc.stringMatching(/^\d{4}-\d\d-\d\d$/),
  }),
  fc.record({ kind: kind("sign-of-life"), channel: anyName, day: fc.stringMatching(/^\d{4}-\d\d-\d\d$/) }),
  fc.record({ kind: kind("trouble-report"), pager: anyName, day: fc.stringMatching(/^\d{4}-\d\d-\d\d$/) }),
  fc.record({ kind: kind("test"), pager: anyName, test: anyTest }),
  fc.record({ kind: kind("test-result"), test: anyTest }),
  fc.record({
    kind: kind("ring-test"),
    route: fc.constantFrom("chat", "phone"),
    test: fc.oneof(anyTest, fc.constant("2026-11-24")),
    person: anyPerson,
  }),
);
/** Texts made of what keys are made of. */
const anyMixture = fc
  .array(
    fc.oneof(
      fc.constantFrom("-", ":", "@", ".", "0", "1", "01", "12345678901234567890", "i", "\n", "card:", "message:"),
      fc.constantFrom("board:", "notice:", "feedback:", "visit:", "troubles:", "test.", "test-result:", ":pressed"),
      fc.constantFrom("-1-2", "@p", ":again:1", ":again:0", ":update:3", ":call-off:03", "2026-11-24", "desk", "a1"),
      anyKey.map(formatKey),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(""));

describe("the key of a message", () => {
  it.each(texts)("is %s", (text, key) => {
    expect(formatKey(key)).toBe(text);
    expect(parseKey(text)).toEqual(key);
  });

  it("has such a line for every kind", () => {
    fc.assert(
      fc.property(anyKey, (key) => {
        expect(texts.map(([, { kind }]) => kind)).toContain(key.kind);
      }),
    );
  });

  it("is read as it was written, whatever it names", () => {
    fc.assert(
      fc.property(anyKey, (key) => {
        expect(parseKey(formatKey(key))).toEqual(key);
      }),
      { numRuns: 2_000 },
    );
  });

  it("is written as it was read, whatever the text", () => {
    fc.assert(
      fc.property(fc.oneof(anyMixture, fc.string({ unit: "binary" })), (text) => {
        const key = parseKey(text);
        if (key !== null) expect(formatKey(key)).toBe(text);
      }),
      { numRuns: 5_000 },
    );
  });

  it.each([
    "",
    "i",
    "i-1",
    "-1-2",
    "i-1-2-",
    "i-01-2",
    "i-1-10000",
    "i-1234567890-1",
    "a@i-1-2",
    "@p",
    "i-1@p",
    "i-1-2:again:0",
    "i-1-2:again:01",
    "i-1-2:again:1@p",
    "i-1-2:call-off:1:again:1",
    "i-1-2:again:1:call-off:1",
    "i-1-2:call-off:",
    "i-1-2:done:1",
    "test.desk",
    "test.desk.",
    "test.a.b.c",
    "test.Desk.a1",
    "card:",
    "visit:p:1:2",
    "troubles:frontdesk:today",
  ])("is not %s", (text) => expect(parseKey(text)).toBeNull());

  it("of a test is taken for no other, and fits into a path, a header and a dedup key", () => {
    fc.assert(
      fc.property(anyName, anyTest, (pager, test) => {
        const key = formatKey({ kind: "test", pager, test });
        expect(parseKey(key)?.kind).toBe("test");
        expect(encodeURIComponent(key)).toBe(key);
      }),
    );
    expect(parsePageKey("test.desk-1-2.1234567812345678")).toBeNull();
    expect(parseKey("test-1-2")?.kind).toBe("page");
    expect(parseKey("test.desk.a1-1-2")?.kind).toBe("page");
  });

  it("of a call names its colleague behind the first @", () => {
    expect(parseKey("i-1-2@a@b-3-4")).toEqual({ kind: "call", incident: "i", round: 1, step: 2, person: "a@b-3-4" });
    expect(parseKey("i-1-2@p:call-off:1")).toMatchObject({ kind: "call", person: "p:call-off:1" });
  });

  it("that begins with a word of ours is no page's, however it ends", () => {
    for (const text of ["message:i:1:29:1ab-12-34", "troubles:frontdesk:2026-11-24", "card:i-1-2"]) {
      expect(parsePageKey(text)).toBeNull();
    }
  });

  it("of what is about a page is not the page's own", () => {
    for (const text of [`${page}:again:1`, `${page}:update:1`, `${page}:call-off:1`, `${page}@p`]) {
      expect(parsePageKey(text)).toBeNull();
    }
    expect(parsePageKey(page)).toEqual({ kind: "page", incident, round: 1, step: 2 });
  });
});
