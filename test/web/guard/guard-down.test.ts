import { describe, expect, it } from "vitest";
import type { GuardDoorOptions } from "../../../bot/web/guard/guard-door.ts";
import { toGuardToken } from "../../../bot/web/guard/guard-token.ts";
import { pressedAt } from "../../fixtures/incident.ts";
import { guardKey, openDoors } from "../doors.ts";
import { buildView, pageKey } from "./guard-views.ts";

const token = toGuardToken(pageKey, guardKey);
const view = async () => buildView();
const broken = () => Promise.reject(new Error("disk full"));

/** The doors with a storage that does this. */
async function openGuard(guard: GuardDoorOptions["guard"]) {
  const doors = await openDoors({ guard });
  const url = `${doors.url}/guard/${token}`;
  const send = async (form?: string, language = "nl") => {
    const body = form === undefined ? {} : { method: "POST", body: form };
    const response = await fetch(url, { ...body, redirect: "manual", headers: { "accept-language": language } });
    return { status: response.status, retryAfter: response.headers.get("retry-after"), page: await response.text() };
  };
  return { doors, send, [Symbol.asyncDispose]: doors.close };
}

describe("an answer that can't be saved", () => {
  it("is said not to be, with a button that sends the same again", async () => {
    await using guard = await openGuard({ load: view, answer: broken });
    const { status, retryAfter, page } = await guard.send("answer=safe&outcome=false");
    expect([status, retryAfter]).toEqual([503, "1"]);
    expect(page).toContain("<h1>Uw antwoord is niet opgeslagen</h1>");
    expect(page).toContain('name="answer" value="safe"><input type="hidden" name="outcome" value="false"');
    expect(page).toContain(">Probeer het nog een keer</button>");
    expect(page).not.toContain("disk full");
    expect(guard.doors.lines).toMatchObject([{ level: "error", event: "guard-answer-not-saved" }]);
    expect(JSON.stringify(guard.doors.lines)).not.toContain(token);
  });

  it.each([
    ["accept", "Wacht niet op ons: doe nu wat in het bericht staat."],
    ["decline", "Bel ook uw meldkamer, zodat een ander komt."],
    ["arrived", "Bel uw meldkamer als u hulp nodig hebt."],
    ["help", "Bel nu ook 112 en uw meldkamer."],
    ["safe", "het alarm gaat door tot uw antwoord is opgeslagen"],
  ])("and is kept, is said to be no more than that: %s", async (answer, next) => {
    await using guard = await openGuard({ load: view, answer: async () => "buffered" });
    const { status, page } = await guard.send(`answer=${answer}`);
    expect(status).toBe(202);
    expect(page).toContain("<h1>Uw antwoord is ontvangen, maar nog niet opgeslagen</h1>");
    expect(page).toContain(next);
    expect(page).toContain('<form method="get"><input type="hidden" name="me" value="link">');
    expect((await guard.send(`answer=${answer}`, "en")).page).toContain("is not saved yet</h1>");
  });
});

describe("while the storage can't be read", () => {
  it("an answer goes on all the same, once", async () => {
    const answers: unknown[][] = [];
    const answer = async (...given: unknown[]) => answers.push(given) && ("buffered" as const);
    await using guard = await openGuard({ load: broken, answer });
    expect((await guard.send("answer=accept")).status).toBe(202);
    expect(answers).toEqual([[pageKey, "accept", "real", undefined]]);
  });

  it("looking says so and no word of an answer, and offers to answer", async () => {
    await using guard = await openGuard({ load: broken, answer: broken });
    const { status, retryAfter, page } = await guard.send();
    expect([status, retryAfter]).toEqual([503, "1"]);
    expect(page).toContain("<h1>We kunnen deze pagina nu niet laten zien</h1>");
    expect([...page.matchAll(/name="answer" value="(\w+)"/g)].map(([, answer]) => answer)).toEqual([
      "accept",
      "decline",
      "arrived",
      "help",
    ]);
    expect(page).not.toMatch(/opgeslagen|disk full/);
  });

  it("a link that we did not make is not taken for one of ours", async () => {
    const answers: unknown[] = [];
    await using doors = await openDoors({ guard: { load: broken, answer: async () => answers.push(1) } });
    const response = await fetch(`${doors.url}/guard/i-1-1-1.x`, { method: "POST", body: "answer=accept" });
    expect([response.status, answers]).toEqual([404, []]);
  });
});

describe("a test of the route", () => {
  const minute = 60_000;
  const times = { startedAt: pressedAt - minute, endsAt: pressedAt + 5 * minute, answeredAt: null };

  it("is no alarm in any word, asks for one press and thanks for it", async () => {
    let answeredAt: number | null = null;
    const answer = async (_key: string, given: string) => {
      if (given === "accept") answeredAt ??= pressedAt;
    };
    await using guard = await openGuard({ load: async () => ({ test: { ...times, answeredAt } }), answer });
    for (const [language, button] of [
      ["nl", "Ik heb deze test gezien"],
      ["en", "I have seen this test"],
    ] as const) {
      const { status, page } = await guard.send(undefined, language);
      expect(status).toBe(200);
      expect(page).toContain("TEST · Gemeente Voorbeeld</header>");
      expect(page.replace(/<style.*<\/style>/s, "")).not.toMatch(/alarm/i);
      expect([...page.matchAll(/<button[^>]*>([^<]*)</g)].map(([, label]) => label)).toEqual([button]);
    }
    expect((await guard.send("answer=accept")).status).toBe(303);
    const { page } = await guard.send();
    expect(page).toContain("Dank u. Gezien om 10:00:00.");
    expect(page).not.toContain("<button");
  });

  it("is over when it is over, and its link dies a day later", async () => {
    await using guard = await openGuard({ load: async () => ({ test: times }), answer: async () => undefined });
    guard.doors.clock.to(times.endsAt);
    const over = await guard.send();
    expect(over.page).toContain("Deze test is voorbij");
    expect(over.page).not.toContain("<button");
    guard.doors.clock.to(times.endsAt + 24 * 60 * minute);
    expect(await guard.send()).toMatchObject({ status: 410, page: expect.stringContaining("Het was een test") });
    expect((await guard.send("answer=accept")).status).toBe(410);
  });
});
