import { describe, expect, it } from "vitest";
import type { CheckUpReport } from "../../../bot/cli/doctor/check-up-report.ts";
import { checkBot } from "../../../bot/cli/doctor/checks/bot.ts";
import type { Configuration } from "../../../bot/config/configuration.ts";
import { languages } from "../../../bot/domain/language.ts";
import { toDate } from "../../../bot/words/shared/time.ts";
import { checkUp } from "../../../bot/words/terminal/check-up.ts";
import { teamsInbound } from "../../../bot/words/terminal/teams-inbound.ts";
import { teamsStep } from "../../../bot/words/terminal/teams-step.ts";
import { load } from "../../config/small.ts";

const at = Date.UTC(2026, 10, 24, 9, 0, 0);
const moment = "24-11-2026 10:00:00";
const dayMs = 24 * 3_600_000;
const words = checkUp.nl;
const registered: Configuration = { ...load(), language: "nl", teams: { ...load().teams, local: false } };
const well: CheckUpReport = {
  syncMs: 3,
  tokenFault: null,
  inbound: { since: at, takenAt: at, refused: [] },
  channels: [
    { name: "frontdesk", isLinked: true, isUp: true },
    { name: "back-office", isLinked: true, isUp: true },
  ],
  people: [
    { name: "A. Jansen", reach: "ready", since: null },
    { name: "B. de Vries", reach: "ready", since: null },
  ],
  sources: [{ source: "buttons", at, isSilent: false }],
  secrets: [],
  troubles: [],
};

/** The state and the sentence of that check. */
function found(check: string, report: CheckUpReport | null, configuration = registered) {
  const { state, said } = checkBot(report, configuration, words).find((each) => each.check === check) ?? {};
  return [state, said];
}

describe("what the running bot knows", () => {
  it("is a good line each, but for what nobody entered", () => {
    const states = checkBot(well, registered, words).map(({ check, state }) => `${check} ${state}`);
    expect(states).toEqual([
      "sync good",
      "token good",
      "inbound good",
      "secret unseen",
      "channel frontdesk good",
      "channel back-office good",
      "person A. Jansen good",
      "person B. de Vries good",
      "source buttons good",
      "trouble good",
    ]);
    expect(found("source buttons", well)).toEqual(["good", words.source.good(moment)]);
  });

  it("can't be seen where it can't be asked, and says so in both languages", () => {
    for (const language of languages) {
      const said = checkBot(null, registered, checkUp[language]).filter(({ check }) => check !== "secret");
      expect(new Set(said.map(({ state, said }) => `${state} ${said}`))).toEqual(
        new Set([`unseen ${checkUp[language].onlyBot}`]),
      );
    }
  });

  it.each<[string, Partial<CheckUpReport>, string, string]>([
    ["sync", { syncMs: null }, "bad", words.sync.refused],
    ["sync", { syncMs: 501 }, "bad", words.sync.slow(501)],
    ["sync", { syncMs: 500 }, "good", words.sync.good(500)],
    [
      "token",
      { tokenFault: { flaw: "secret-expired", answer: "AADSTS7000222" } },
      "bad",
      words.token.bad(`${teamsStep.nl.reason["secret-expired"]} ${teamsStep.nl.answered("AADSTS7000222")}`),
    ],
    ["inbound", { inbound: { since: at, takenAt: null, refused: [] } }, "unseen", words.inbound.nothing],
    [
      "inbound",
      { inbound: { since: at, takenAt: null, refused: [{ flaw: "audience", iss: "", aud: "", at }] } },
      "bad",
      words.inbound.refused(moment, teamsInbound.nl.flaw.audience),
    ],
    [
      "channel frontdesk",
      { channels: [{ name: "frontdesk", isLinked: false, isUp: false }] },
      "bad",
      words.channel.unlinked("frontdesk"),
    ],
    [
      "channel frontdesk",
      { channels: [{ name: "frontdesk", isLinked: true, isUp: false }] },
      "bad",
      words.channel.lost,
    ],
    [
      "person A. Jansen",
      { people: [{ name: "A. Jansen", reach: "not-ready", since: at }] },
      "bad",
      words.person.bad(moment),
    ],
    [
      "person A. Jansen",
      { people: [{ name: "A. Jansen", reach: "unknown", since: null }] },
      "unseen",
      words.person.unseen,
    ],
    ["source buttons", { sources: [] }, "unseen", words.source.never],
    ["source buttons", { sources: [{ source: "buttons", at, isSilent: true }] }, "bad", words.source.silent(moment)],
    ["trouble", { troubles: ["Balie: de batterij is bijna leeg"] }, "bad", "Balie: de batterij is bijna leeg"],
    [
      "change sources.buttons",
      { secrets: [{ secret: "sources.buttons", value: "second", at }] },
      "good",
      words.change.going(moment),
    ],
  ])("%s: %j is %s", (check, changes, state, said) => {
    expect(found(check, { ...well, ...changes })).toEqual([state, said]);
  });

  it("is no trouble of a secret that only the new one opened", () => {
    const report: CheckUpReport = { ...well, secrets: [{ secret: "sources.buttons", value: "first", at }] };
    expect(found("change sources.buttons", report)).toEqual([undefined, undefined]);
  });

  it("is that Teams is an emulator", () => {
    expect(found("token", well, load())).toEqual(["unseen", words.local]);
    expect(found("secret", well, load())).toEqual(["unseen", words.local]);
  });

  it.each([
    [400, "good", words.secret.good],
    [30, "bad", words.secret.soon],
    [1, "bad", words.secret.soon],
    [0, "bad", words.secret.over],
  ] as const)("is when the app's secret ends: in %i days", (days, state, toSaid) => {
    const today = new Intl.DateTimeFormat("en-CA", { timeZone: "Europe/Amsterdam" }).format(Date.now());
    const end = Date.parse(today) + days * dayMs;
    const clientSecretEndsOn = new Date(end).toISOString().slice(0, 10);
    const configuration = { ...registered, teams: { ...registered.teams, clientSecretEndsOn } };
    expect(found("secret", well, configuration)).toEqual([state, toSaid(toDate(end, "UTC", "nl"), days)]);
  });
});
