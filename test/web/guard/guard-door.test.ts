import { describe, expect, it } from "vitest";
import type { GuardCase } from "../../../bot/ports/guard.ts";
import { toGuardToken } from "../../../bot/web/guard/guard-token.ts";
import { pressedAt } from "../../fixtures/incident.ts";
import { guardKey, openDoors } from "../doors.ts";
import {
  another,
  buildView,
  calledOff,
  me,
  newPress,
  paged,
  pageKey,
  promise,
  said,
  sharer,
  standings,
  there,
  told,
} from "./guard-views.ts";

const token = toGuardToken(pageKey, guardKey);

/** The doors with one incident behind them, and what guards answered. */
async function openGuardDoor(view: GuardCase | null = buildView()) {
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
    expect(page).toContain("Er zou iemand komen, maar die is niet op tijd aangekomen");
    expect(page).toContain("<time>10:00:05</time> <span>Een collega gaat erheen</span>");
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
      buildView({ place: null, unreadable: true, cancelledAt: pressedAt, lateMs: 125_000, mayBeRepeat: true }),
    );
    const page = await (await guard.open()).text();
    const said = ["Plaats onbekend", "niet te lezen", "ingetrokken met de knop", "2 minuten na het drukken"];
    for (const words of [...said, "kan een herhaling zijn"]) {
      expect(page).toContain(words);
    }
  });
});

describe("what the guard can answer", () => {
  const safe = ["Ik ben er nog, het gaat goed", "Ik heb hulp nodig", "Iedereen is veilig"];
  const done = safe.toReversed();
  const who = ["Ja, dat ben ik", "Ja, maar ik kom toch niet", "Nee, ik ben een ander"];
  const still = ["Ik ben er nog", "Ik heb hulp nodig", "Ik kan niet"];
  const helped = ["Ik heb hulp nodig", "Ik ben er", "Ik kan niet"];
  const renewal = ["Ververs deze pagina", "Niet meer vanzelf verversen"];
  const { round } = buildView().incident;

  it.each<[string, GuardCase, string[]]>([
    ["Kunt u komen?", standings.asked, ["Ik kom", "Ik kom niet"]],
    ["U komt", standings.coming, ["Ik ben er", "Ik kom niet"]],
    ["U hebt nog niet gemeld dat u er bent", standings.lapsed, ["Ik ben er", "Ik kom niet"]],
    ["U bent er", standings.there, done],
    [
      "U hebt om hulp gevraagd",
      standings.help,
      ["Ik heb hulp nodig", "Ik ben er nog, het gaat goed", "Iedereen is veilig"],
    ],
    ["Kunt u komen?", buildView({ round: { ...round, checkAskedAt: 1 } }), ["Ik kom", "Ik kom niet"]],
    ["Bent u nog veilig?", standings.check, safe],
    ["Bent u er nog?", standings["was-there"], still],
    ["Bent u er nog?", told(buildView(), said.arrived, said.help, newPress), still],
    ["Bent u er nog?", told(buildView(calledOff, { ...another, state: "there" }), said.arrived, newPress), still],
    ["U hebt om hulp gevraagd", standings["help-not-there"], helped],
    ["U hebt om hulp gevraagd", told(buildView(), said.arrived, newPress, said.help), helped],
    ["U hebt om hulp gevraagd", told(buildView(calledOff, { ...promise, lapsedAt: 1 }), said.help), helped],
    ["U bent er", told(buildView({}, there), said.arrived, newPress, said.arrived), done],
    [
      "Kunt u komen?",
      told(buildView(), said.arrived, newPress, { ...said.arrived, kind: "guard-declined" }),
      ["Ik kom", "Ik kom niet"],
    ],
    ["Kunt u komen?", told(buildView(), { ...said.arrived, who: sharer.who }, newPress), ["Ik kom", "Ik kom niet"]],
    ["Kunt u komen?", told(buildView(), { ...said.help, pager: "guard-phone" }), ["Ik kom", "Ik kom niet"]],
    ["U komt niet", standings.declined, ["Ik kom"]],
    ["U komt niet", standings["declined-other"], ["Ik kom"]],
    ["Een andere beveiliger komt", standings["other-guard"], ["Ik kom", "Ik kom niet"]],
    ["Een andere beveiliger is er al", standings["other-there"], ["Ik kom", "Ik kom niet"]],
    ["Kunt u komen?", buildView({}, { ...another, lapsedAt: 1 }), ["Ik kom", "Ik kom niet"]],
    ["Kunt u komen?", buildView({}, { ...another, state: "there", silentAt: 2 }), ["Ik kom", "Ik kom niet"]],
    ["U komt", buildView({}, another, promise), ["Ik ben er", "Ik kom niet"]],
    ["Een andere beveiliger komt", standings["link-coming"], ["Ik kom", "Ik kom niet"]],
    ["U hoeft niet meer te komen", standings["called-off"], ["Ik kom", "Ik ben er"]],
    ["U hoeft niet meer te komen", buildView(calledOff, promise), ["Ik kom", "Ik ben er"]],
    ["U bent er", buildView(calledOff, there), done],
    ["U komt", buildView(paged({ state: "answered" }), promise), ["Ik ben er", "Ik kom niet"]],
    ["Dit alarm is afgesloten", buildView({ ...calledOff, closedAt: pressedAt + 300_000, outcome: "real" }), []],
    ["Dit alarm is afgesloten", standings.closed, []],
  ])("%s", async (heading, view, buttons) => {
    await using guard = await openGuardDoor(view);
    const page = await (await guard.open(`${token}?me=${me}`)).text();
    const isClosed = view.incident.closedAt !== null;
    expect(buttonsOf(page)).toEqual([...buttons, ...(isClosed ? renewal.slice(0, 1) : renewal)]);
    expect(page).toContain(`>${heading}</h2>`);
  });

  it.each<[string, GuardCase, string[]]>([
    ["Iemand met deze link komt al", standings["link-coming"], who],
    ["Iemand met deze link zou komen", standings["link-lapsed"], who],
    ["Iemand met deze link is er al", standings["link-there"], who.filter((_, index) => index !== 1)],
    ["Iemand met deze link komt niet", standings["link-declined"], ["Ik kom"]],
    [
      "Iemand met deze link komt al",
      buildView({}, promise, { ...sharer, since: pressedAt + 90_000 }),
      ["Ja, ik antwoordde om 10:01:10", "Ja, ik antwoordde om 10:01:30", "Nee, ik ben een ander"],
    ],
    ["Iemand met deze link antwoordde al", standings["link-before"], ["Ja, dat ben ik", "Ik kom", "Ik kom niet"]],
    [
      "Iemand met deze link komt al",
      told(buildView({}, sharer), said.arrived, newPress),
      ["Ja, ik antwoordde om 10:01:10", "Ja, ik antwoordde om 10:03:20", "Nee, ik ben een ander"],
    ],
    ["Kunt u komen?", buildView({}, { ...another, state: "coming", lapsedAt: 1 }), ["Ik kom", "Ik kom niet"]],
    ["Een andere beveiliger komt", standings["other-guard"], ["Ik kom", "Ik kom niet"]],
  ])("by the link as it was sent, which several may have: %s", async (heading, view, buttons) => {
    await using guard = await openGuardDoor(view);
    const page = await (await guard.open()).text();
    expect(buttonsOf(page)).toEqual([...buttons, ...renewal]);
    expect(page).toContain(`>${heading}</h2>`);
  });

  it.each<[GuardCase, string | undefined]>([
    [standings.asked, "Ik kom"],
    [standings.there, "Iedereen is veilig"],
    [standings.check, "Ik ben er nog, het gaat goed"],
    [standings["called-off"], undefined],
    [standings.help, undefined],
    [standings.closed, undefined],
  ])("and sees at once what is expected", async (view, expected) => {
    await using guard = await openGuardDoor(view);
    const page = await (await guard.open(`${token}?me=${me}`)).text();
    const first = [...page.matchAll(/<button class="first">([^<]*)</g)].map(([, label]) => label);
    expect(first).toEqual(expected ? [expected] : []);
  });

  it.each<[Record<string, string>, unknown[]]>([
    [{ answer: "accept" }, ["accept", "real"]],
    [{ answer: "decline" }, ["decline", "real"]],
    [{ answer: "arrived" }, ["arrived", "real"]],
    [{ answer: "help" }, ["help", "real"]],
    [{ answer: "safe" }, ["safe", "real"]],
    [{ answer: "safe", outcome: "false" }, ["safe", "false"]],
    [{ answer: "safe", outcome: "test" }, ["safe", "test"]],
  ])("%j goes on, and the guard comes back to the page", async (form, answer) => {
    await using guard = await openGuardDoor();
    const response = await guard.press(form);
    const suffix = form.answer === "safe" ? "&said=safe" : "";
    expect([response.status, response.headers.get("location")]).toEqual([303, `./${token}?me=link${suffix}`]);
    expect(guard.answers).toEqual([[pageKey, ...answer, undefined]]);
  });

  it("as the one whom the page or its address names, and comes back to that one's page", async () => {
    await using guard = await openGuardDoor();
    const page = await (await guard.open()).text();
    const ids = new Set([...page.matchAll(/name="me" value="([^"]*)"/g)].map(([, id]) => id ?? ""));
    expect(ids.size).toBe(1);
    const [id = ""] = ids;
    expect(await (await guard.open()).text()).not.toContain(id);
    const responses = [
      await guard.press({ answer: "accept", me: id }),
      await guard.press({ answer: "decline", me: id }, `${token}?me=${me}&renew=off`),
      await guard.press({ answer: "accept", me: "link" }),
      await guard.press({ answer: "accept" }, `${token}?me=${"x".repeat(40)}`),
    ];
    expect(responses.map((response) => response.headers.get("location"))).toEqual([
      `./${token}?me=${id}`,
      `./${token}?me=${me}&renew=off`,
      `./${token}?me=link`,
      `./${token}?me=link`,
    ]);
    expect(guard.answers.map(([, answer, , by]) => [answer, by])).toEqual([
      ["accept", { who: id, isCertain: false }],
      ["decline", { who: me, isCertain: true }],
      ["accept", undefined],
      ["accept", undefined],
    ]);
  });

  it("and is asked who they are, when what somebody else said stands", async () => {
    await using doors = await openDoors({ guard: { load: async () => buildView(), answer: async () => "stands" } });
    const url = `${doors.url}/guard/${token}`;
    const response = await fetch(url, { method: "POST", body: "answer=decline", redirect: "manual" });
    expect(response.headers.get("location")).toBe(`./${token}`);
  });

  it("before it closes anything, one question on a page of its own", async () => {
    await using guard = await openGuardDoor(standings.there);
    const page = await (await guard.open(`${token}?me=${me}&ask=outcome`)).text();
    expect(page).toContain(">Het alarm is nog niet afgesloten</h1>");
    expect(buttonsOf(page)).toEqual(["Sluit af: het was echt", "Sluit af: het was loos alarm", "Terug"]);
    expect(page).not.toMatch(/<details|<ol|<dl/);
    // It is not asked of anybody else, and not once it is over.
    for (const [view, who] of [
      [standings.there, "lmnopqrstuv"],
      [standings.coming, me],
      [standings.closed, me],
    ] as const) {
      guard.state.view = view;
      const other = await (await guard.open(`${token}?me=${who}&ask=outcome`)).text();
      expect(buttonsOf(other)).not.toContain("Sluit af: het was echt");
    }
  });

  it.each<[string, GuardCase, string | null]>([
    ["who is not there any more", standings["was-there"], "niet afgesloten. Meld eerst dat u er bent."],
    ["who is there", standings.there, "niet afgesloten.</p>"],
    ["who closed it", standings.closed, null],
  ])("and a guard %s is told when it is still open after that", async (_who, view, words) => {
    await using guard = await openGuardDoor(view);
    const page = await (await guard.open(`${token}?me=${me}&said=safe`)).text();
    if (words === null) expect(page).not.toContain("niet afgesloten");
    else expect(page).toContain(`Het alarm is nog ${words}`);
    // It is told once, and not after the next answer or on the next page.
    const next = await guard.press({ answer: "arrived" }, `${token}?me=${me}&said=safe`);
    expect(next.headers.get("location")).toBe(`./${token}?me=${me}`);
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

  it("in a way that mail, chat and notification apps send it, whatever they say of themselves", async () => {
    await using guard = await openGuardDoor();
    const url = `${guard.doors.url}/guard/${token}`;
    const senders: Record<string, string>[] = [
      { "content-type": "application/x-www-form-urlencoded" },
      { "content-type": "text/plain;charset=UTF-8", "sec-fetch-site": "cross-site", origin: "https://ntfy.example" },
      { "user-agent": "okhttp/4.12.0" },
    ];
    for (const headers of senders) {
      const response = await fetch(url, { method: "POST", headers, body: "answer=accept" });
      expect([response.status, response.url]).toEqual([200, `${url}?me=link`]);
    }
    expect(guard.answers).toEqual(senders.map(() => [pageKey, "accept", "real", undefined]));
  });

  it.each([
    [token, "?answer=decline"],
    [`${token}/`, ""],
  ])("and comes back to the page, however the link was written: %s%s", async (path, query) => {
    await using guard = await openGuardDoor();
    const response = await fetch(`${guard.doors.url}/guard/${path}${query}`, { method: "POST", body: "answer=accept" });
    expect([response.status, response.url]).toEqual([200, `${guard.doors.url}/guard/${token}?me=link`]);
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
    `${token}=`,
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
      facts: { remote: "127.0.0.1", audit: { by: { kind: "stranger" }, on: ["guardKeys"], result: "refused" } },
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
