import { expect, it } from "vitest";
import { composeUnlinkedPage, createComposing } from "../../../bot/engine/incident/compose-page.ts";
import { buildIncident } from "../../fixtures/incident.ts";
import { nastyTexts } from "../../fixtures/nasty-texts.ts";

const words = { title: "ALARM", text: "Komt u?" };

it.each(nastyTexts)("a place that was stored before, %s, goes to no pager as it came", (_name, place, shown) => {
  const { incident } = composeUnlinkedPage(buildIncident({ place }), "i-1", "unclaimed", words, null);
  expect(incident.place).toBe(shown);
});

it("what follows a page names each key by which its provider may know a page of that alarm, the page's own apart", () => {
  const { composePage } = createComposing({
    directory: { siteOf: () => null, phoneOf: () => null, mayShowPhones: () => false },
    calleeOf: () => null,
    composePageWords: () => words,
    toAcceptUrl: (key) => `https://alarm.example/${key}`,
  });
  const page = { key: "i-1-1-1", reason: "unclaimed", state: "accepted", at: 0, failure: null } as const;
  const before = { ...page, sentAs: ["i-1-1-1:again:5"] };
  const compose = (progress: object, key: string) =>
    composePage(
      buildIncident({ pagers: { desk: { ...page, callOff: null, earlier: [], ...progress } } }),
      ...(["desk", key, page.key, "unclaimed"] as const),
    );
  // The page of that step, after one from memory for its press.
  for (const key of [page.key, "call-off"])
    expect(compose({ earlier: [before] }, key)).toMatchObject({ pageKey: page.key, earlier: ["i-1-1-1:again:5"] });
  expect(compose(before, "call-off")).toMatchObject({ pageKey: "i-1-1-1:again:5", earlier: [page.key] });
});
