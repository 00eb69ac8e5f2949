import { expect, it } from "vitest";
import { composeUnlinkedPage } from "../../../bot/engine/incident/compose-page.ts";
import { buildIncident } from "../../fixtures/incident.ts";
import { nastyTexts } from "../../fixtures/nasty-texts.ts";

const words = { title: "ALARM", text: "Komt u?" };

it.each(nastyTexts)("a place that was stored before, %s, goes to no pager as it came", (_name, place, shown) => {
  const { incident } = composeUnlinkedPage(buildIncident({ place }), "i-1", "unclaimed", words, null);
  expect(incident.place).toBe(shown);
});
