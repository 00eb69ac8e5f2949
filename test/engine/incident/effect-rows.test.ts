import { expect, it } from "vitest";
import { toRows } from "../../../bot/engine/incident/effect-rows.ts";
import { buildIncident } from "../../fixtures/incident.ts";

const alice = { id: "alice", name: "Alice Jansen" };
const incident = buildIncident({ version: 2, cardPostedAt: 1_000, messaged: [alice] });
const lanes = (kind: "card" | "card-link") => toRows({ kind }, incident, 1_000).map(({ lane }) => lane);

it("brings a card and all that stands in chats up to date, or only the latter", () => {
  expect(lanes("card")).toEqual(["board", "chat"]);
  expect(lanes("card-link")).toEqual(["chat"]);
});
