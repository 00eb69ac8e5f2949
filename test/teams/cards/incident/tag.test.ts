import { expect, it } from "vitest";
import { toTagRemark, toTagRing } from "../../../../bot/teams/cards/incident/tag.ts";
import { nl } from "../../../dutch.ts";

const tag = { id: "MjQzMmI1N2I=", name: "BHV" };
const dutch = { language: "nl" } as const;

it("a tag is mentioned by its id, in the words that it was warned", () => {
  const [block, entity] = toTagRing(tag, [], dutch);
  expect(block).toMatchObject({ type: "TextBlock", text: nl.card.remark.tagRung("<at>BHV</at>"), wrap: true });
  expect(entity).toEqual({
    type: "mention",
    text: "<at>BHV</at>",
    mentioned: { id: tag.id, name: "BHV", type: "tag" },
  });
});

it("the name that is mentioned holds nothing that could end the mention, and is the same in both places", () => {
  const [block, { text, mentioned }] = toTagRing({ ...tag, name: "B&H</at> *V*" }, [], dutch);
  expect(text).toBe("<at>B H /at V</at>");
  expect(mentioned.name).toBe("B H /at V");
  expect(block.text).toContain(text);
});

it("on an update it is named only, because a mention there could ring it again", () => {
  const remark = JSON.stringify(toTagRemark(tag, false, dutch));
  expect(remark).toContain(nl.card.remark.tagRung("BHV"));
  expect(remark).not.toContain("<at>");
});
