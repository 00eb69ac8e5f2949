import { describe, expect, it } from "vitest";
import type { HistoryLine } from "../../bot/incident/history.ts";
import type { Guard, Incident } from "../../bot/incident/incident.ts";
import type { GuardView } from "../../bot/web/guard-page.ts";
import { toGuardToken } from "../../bot/web/guard-token.ts";
import { buildHistory, buildIncident, buildPresser, pressedAt } from "../fixtures/incident.ts";
import { guardKey, openDoors } from "./doors.ts";

const pageKey = "i-1-1-1";
const colleague = { id: "p-1", name: "A. Jansen" };
const token = toGuardToken(pageKey, guardKey);

const promise: Guard = {
  pageKey,
  pager: "security-desk",
  acceptedAt: pressedAt + 70_000,
  arrivedAt: null,
  signAt: null,
  silentAt: null,
  lapsedAt: null,
};

const history: HistoryLine[] = [
  { kind: "opened", source: "buttons", button: "0042", via: "button", lateMs: null, at: pressedAt },
  { kind: "rung", people: [colleague], round: 1, at: pressedAt },
  { kind: "claimed", by: colleague, at: pressedAt + 5000 },
  { kind: "lapsed", people: [colleague], at: pressedAt + 125_000 },
  { kind: "page-queued", pager: "security-desk", key: pageKey, reason: "lapsed", at: pressedAt + 125_000 },
];

function buildView(changes: Partial<Incident> = {}, guard: Guard | null = null): GuardView {
  const base = buildIncident({
    number: 17,
    responders: [
      { person: colleague, state: "coming", since: pressedAt, arrivedAt: null, signAt: null, silentAt: null },
    ],
    pressers: [buildPresser({ holder: { id: "p-2", name: "B. de Vries" } })],
    ...changes,
  });
  const incident = guard === null ? base : { ...base, round: { ...base.round, guard } };
  return { incident, pager: "security-desk", history: buildHistory(history) };
}

/** The doors with one incident behind them, and what guards answered. */
async function openGuardDoor(view: GuardView | null = buildView()) {
  const answers: unknown[][] = [];
  const state = { view };
  const doors = await openDoors({
    guard: {
      load: async (key) => (key === pageKey ? state.view : null),
      answer: async (...answer) => {
        answers.push(answer);
      },
    },
  });
  const open = (path = token, language = "nl") =>
    fetch(`${doors.url}/guard/${path}`, { headers: { "accept-language": language } });
  const press = (form: Record<string, string>, path = token) =>
    fetch(`${doors.url}/guard/${path}`, { method: "POST", body: new URLSearchParams(form), redirect: "manual" });
  return { doors, answers, state, open, press, [Symbol.asyncDispose]: doors.close };
}

function buttonsOf(page: string): string[] {
  return [...page.matchAll(/<button[^>]*>([^<]*)</g)].map((match) => match[1] ?? "");
}

describe("what the guard sees", () => {
  it("is the place, the way, the reason and what has been done, and no colleague's name", async () => {
    await using guard = await openGuardDoor();
    const response = await guard.open();
    const page = await response.text();
    expect(response.status).toBe(200);
    for (const words of ["Spreekkamer 3", "links van de balie", "Gemeente Voorbeeld", "nummer 17", "1 onderweg"]) {
      expect(page).toContain(words);
    }
    expect(page).toContain("Een collega zou komen, maar is niet op tijd ter plaatse");
    expect(page).toContain("<time>10:00:05</time><span>Een collega gaat erheen</span>");
    expect(page).not.toMatch(/Jansen|Vries|0042|buttons/);
    expect(Buffer.byteLength(page)).toBeLessThan(30_000);
  });

  it("runs no script, asks nobody else for anything and leaves no trace", async () => {
    await using guard = await openGuardDoor(buildView({ position: { lat: 52.5, lon: 5.7, accuracyM: 12.3 } }));
    const response = await guard.open();
    const page = await response.text();
    expect(page).not.toMatch(/<script|<img|<link|src=|@import|url\(/);
    expect(page).toContain('href="https://www.openstreetmap.org/?mlat=52.5&amp;mlon=5.7#map=18/52.5/5.7"');
    expect(page).toContain("op 13 m nauwkeurig");
    expect(response.headers.get("content-security-policy")).toMatch(/^default-src 'none';style-src 'sha256-/);
    expect(response.headers.get("referrer-policy")).toBe("no-referrer");
    expect(response.headers.get("x-robots-tag")).toContain("noindex");
    expect(response.headers.get("cache-control")).toBe("no-store");
  });

  it("escapes whatever came from outside", async () => {
    await using guard = await openGuardDoor(
      buildView({ place: `<script>"x"&'y'</script>`, directions: "<b>left</b>" }),
    );
    const page = await (await guard.open()).text();
    expect(page).toContain("&lt;script&gt;&quot;x&quot;&amp;&#39;y&#39;&lt;/script&gt;");
    expect(page).not.toMatch(/<script|<b>/);
  });

  it.each([
    ["nl-NL,nl;q=0.9", "nl", "Kunt u komen?"],
    ["en-GB,en;q=0.9,nl;q=0.1", "en", "Can you come?"],
    ["de-DE,de", "nl", "Kunt u komen?"],
    ["*", "nl", "Kunt u komen?"],
  ])("is in the language of the browser where we have it: %s", async (accepted, language, words) => {
    await using guard = await openGuardDoor();
    const page = await (await guard.open(token, accepted)).text();
    expect(page).toContain(`<html lang="${language}">`);
    expect(page).toContain(words);
  });

  it("says what is known to be unsure", async () => {
    await using guard = await openGuardDoor(
      buildView({ place: null, unreadable: true, cancelledAt: pressedAt, lateMs: 125_000 }),
    );
    const page = await (await guard.open()).text();
    for (const words of ["Plaats onbekend", "niet te lezen", "Afgemeld met de knop", "2 minuten te laat"]) {
      expect(page).toContain(words);
    }
  });
});

describe("what the guard can answer", () => {
  const there = { ...promise, arrivedAt: pressedAt + 200_000, signAt: pressedAt + 200_000 };
  const declined = {
    key: pageKey,
    reason: "lapsed",
    state: "failed",
    at: pressedAt,
    failure: "guard-declined",
  } as const;
  const safe = ["Ik ben er nog, het gaat goed", "Sluit af: het was echt", "Sluit af: het was loos alarm"];
  const answered = buildView().incident.round;
  const second = answered.steps.map((step, index) => (index === 1 ? { ...step, state: "answered" as const } : step));

  it.each<[string, GuardView, string[]]>([
    ["Kunt u komen?", buildView(), ["Ik kom", "Ik kom niet"]],
    ["U komt", buildView({}, promise), ["Ik ben er", "Ik kom niet"]],
    ["U bent nog niet ter plaatse gemeld", buildView({}, { ...promise, lapsedAt: 1 }), ["Ik ben er", "Ik kom niet"]],
    ["U bent er", buildView({}, there), safe],
    ["Kunt u komen?", buildView({ round: { ...answered, checkAskedAt: 1 } }), ["Ik kom", "Ik kom niet"]],
    ["Bent u nog veilig?", buildView({}, { ...there, silentAt: 1 }), safe],
    ["U komt niet", buildView({ pagers: { "security-desk": declined } }), ["Ik kom"]],
    ["Een andere bewaker komt", buildView({}, { ...promise, pageKey: "i-1-1-2" }), ["Ik kom", "Ik kom niet"]],
    ["U komt", buildView({ round: { ...answered, steps: second } }, null), ["Ik ben er", "Ik kom niet"]],
    ["Dit alarm is afgesloten", buildView({ closedAt: pressedAt + 300_000, outcome: "real" }, there), []],
  ])("%s", async (heading, view, buttons) => {
    await using guard = await openGuardDoor(view);
    const page = await (await guard.open()).text();
    expect(buttonsOf(page)).toEqual(buttons);
    expect(page).toContain(`>${heading}</h2>`);
  });

  it.each<[Record<string, string>, unknown[]]>([
    [{ answer: "accept" }, ["accept", "real"]],
    [{ answer: "decline" }, ["decline", "real"]],
    [{ answer: "arrived" }, ["arrived", "real"]],
    [{ answer: "safe" }, ["safe", "real"]],
    [{ answer: "safe", outcome: "false" }, ["safe", "false"]],
    [{ answer: "safe", outcome: "test" }, ["safe", "test"]],
  ])("%j goes on, and the guard comes back to the page", async (form, answer) => {
    await using guard = await openGuardDoor();
    const response = await guard.press(form);
    expect([response.status, response.headers.get("location")]).toEqual([303, `/guard/${token}`]);
    expect(guard.answers).toEqual([[pageKey, ...answer]]);
  });

  it.each([
    {},
    { answer: "claim" },
    { answer: "" },
    { answer: "safe", outcome: "maybe" },
    { answer: "x".repeat(5000) },
  ])("not %j", async (form) => {
    await using guard = await openGuardDoor();
    expect((await guard.press(form)).status).toBe(400);
    expect(guard.answers).toEqual([]);
  });

  it("nothing by looking: a scanner that opens the link does not accept", async () => {
    await using guard = await openGuardDoor();
    await guard.open(`${token}?answer=accept`);
    await fetch(`${guard.doors.url}/guard/${token}`, { method: "HEAD" });
    expect((await fetch(`${guard.doors.url}/guard/${token}`, { method: "PUT" })).status).toBe(405);
    expect(guard.answers).toEqual([]);
  });

  it("gets told in words when it could not be saved", async () => {
    await using doors = await openDoors({
      guard: { load: async () => buildView(), answer: () => Promise.reject(new Error("disk full")) },
    });
    const response = await fetch(`${doors.url}/guard/${token}`, { method: "POST", body: "answer=accept" });
    expect(response.status).toBe(503);
    const page = await response.text();
    expect(page).toContain("Uw antwoord is niet opgeslagen");
    expect(page).not.toContain("disk full");
    expect(doors.lines).toMatchObject([{ level: "error", event: "guard-page-failed" }]);
    expect(JSON.stringify(doors.lines)).not.toContain(token);
  });
});

describe("links", () => {
  it("die 24 hours after closing", async () => {
    await using guard = await openGuardDoor(buildView({ closedAt: pressedAt, outcome: "real" }));
    guard.doors.clock.to(pressedAt + 24 * 3_600_000 - 1);
    expect((await guard.open()).status).toBe(200);
    guard.doors.clock.to(pressedAt + 24 * 3_600_000);
    const response = await guard.open();
    expect([response.status, await response.text()]).toEqual([410, expect.stringContaining("verlopen")]);
    expect((await guard.press({ answer: "safe" })).status).toBe(410);
    expect(guard.answers).toEqual([]);
  });

  it.each([
    `i-1-1-2.${token.split(".")[1]}`,
    toGuardToken(pageKey, Buffer.alloc(32, 8)),
    toGuardToken("i-9-1-1", guardKey),
    token.slice(0, -2),
    "i-1-1-1",
    "x",
  ])("that we did not make lead nowhere: %s", async (path) => {
    await using guard = await openGuardDoor();
    expect((await guard.open(path)).status).toBe(404);
    expect((await guard.press({ answer: "accept" }, path)).status).toBe(404);
    expect(guard.answers).toEqual([]);
    expect(guard.doors.lines[0]).toEqual({
      level: "warn",
      event: "guard-link-refused",
      facts: { remote: "127.0.0.1" },
    });
  });

  it("can't be guessed for long, and a right one still opens", async () => {
    await using guard = await openGuardDoor();
    const statuses = [];
    for (let attempt = 0; attempt < 22; attempt++) statuses.push((await guard.open(`i-1-1-1.${attempt}`)).status);
    expect(statuses).toEqual([...Array(20).fill(404), 429, 429]);
    expect((await guard.open()).status).toBe(200);
  });
});
