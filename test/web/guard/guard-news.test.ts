import { describe, expect, it } from "vitest";
import type { HistoryLine } from "../../../bot/domain/incident/history.ts";
import { toNews } from "../../../bot/web/guard/guard-news.ts";
import { me, pageKey } from "./guard-views.ts";

const by = { id: "p-1", name: "A. Jansen" };
const looking = { pageKey, pager: "security-desk", me };
const queued = { kind: "page-queued", pager: "security-desk", key: pageKey, reason: "help", at: 2 } as const;
const help = { kind: "help", by, at: 3 } as const;
const again = {
  kind: "pressed-again",
  source: "buttons",
  button: "1",
  via: "button",
  presses: 2,
  elsewhere: null,
  at: 4,
} as const;
const missed = { kind: "check-missed", at: 5 } as const;
const guardHelp = { kind: "guard-help", pager: "security-desk", who: me, at: 6 } as const;

describe("what is new on a guard's page", () => {
  it.each<[string, HistoryLine[], object | null]>([
    ["nothing that it went out for itself", [{ ...help, at: 1 }, queued], null],
    ["the newest", [queued, again, { kind: "lapsed", people: [by], at: 5 }], { kind: "lapsed", at: 5 }],
    ["a call for help, whatever happened since", [queued, help, again, missed], { kind: "help", at: 3 }],
    ["the newest call for help", [queued, help, { ...guardHelp, who: "lmnopqrstuv" }], { kind: "guard-help", at: 6 }],
    ["a call of a guard with that name at another pager", [queued, { ...guardHelp, pager: "x" }], { at: 6 }],
    ["nothing that this guard said", [queued, again, guardHelp], { kind: "pressed-again", at: 4 }],
    ["nothing that only says what was done", [queued, { kind: "arrived", by, at: 3 }], null],
  ])("is %s", (_what, history, news) => {
    const found = toNews(history, "coming", looking);
    if (news === null) expect(found).toBeNull();
    else expect(found).toMatchObject(news);
  });

  it("is nothing for somebody who need not come, or who is asked about it", () => {
    const history = [queued, help, missed];
    expect(toNews(history, "closed", looking)).toBeNull();
    expect(toNews(history, "called-off", looking)).toBeNull();
    expect(toNews([queued, missed], "check", looking)).toBeNull();
    expect(toNews([queued, missed], "coming", looking)).toMatchObject({ kind: "check-missed" });
  });
});
