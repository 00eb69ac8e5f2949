import { describe, expect, it } from "vitest";
import { toNamed } from "./names.ts";
import type { Received } from "./recorder.ts";
import { render } from "./render.ts";
import { leaveOutWays } from "./ways.ts";

const [first, second] = ["01935d3a-0000-7000-8000-00000000000a", "01935d3a-0000-7000-8000-00000000000b"];

function said(fake: string, message: unknown, at = 0): Received {
  return { fake, at, message };
}

const toLink = (card: string) => `https://teams.microsoft.com/l/message/19:a/${card}`;

describe("names for what is made by chance", () => {
  it("are the same whoever came first, also where only another id tells two apart", () => {
    const story = (one: string, other: string): Received[] => [
      said("teams", { place: "Balie", incident: one, id: "1795476602001" }),
      said("teams", { place: "Spreekkamer 3", incident: other, id: "1795476602002" }),
      said("teams", { text: "niemand", under: "1795476602001", id: "1795476602003" }),
      said("teams", { text: "niemand", under: "1795476602002", id: "1795476602004" }),
    ];
    const named = toNamed(story(first, second), false);
    expect(toNamed(story(second, first).toReversed(), false)).toEqual(named);
    expect(JSON.stringify(named)).toContain('"under":"<message1>","id":"<message>"');
  });

  it("leave alone what the test gave: people, the address of the configuration, moments of the standing clock", () => {
    const fixed = { by: "00000000-0000-4000-8000-000000000001", url: "http://127.0.0.1:1/guard", at: "10:00:00" };
    expect(toNamed([said("desk", fixed)], false)).toEqual([said("desk", fixed)]);
    expect(toNamed([said("desk", fixed)], true)[0]?.message).toEqual({ ...fixed, at: "<time>" });
  });
});

describe("a card in a chat", () => {
  const way = { type: "TextRun", text: "Open de kaart", selectAction: { type: "Action.OpenUrl", url: toLink("1") } };
  const shown = (method: string, ...blocks: unknown[]) =>
    said("teams", {
      request: `${method} /v3/conversations/a:personal-1/activities${method === "PUT" ? "/7" : ""}`,
      body: { type: "message", attachments: [{ content: { body: blocks } }] },
      id: "7",
    });
  const [line, other] = ["open", "closed"].map((text) => ({ type: "RichTextBlock", inlines: [{ text }] }));
  const link = { type: "RichTextBlock", inlines: [way] };

  it("is the same whether it knew the way to the channel's card at once, or by an edit", () => {
    const end = shown("PUT", other, link);
    const [atOnce, later] = [[], [shown("PUT", line, link)]].map((edit) =>
      leaveOutWays([shown("POST", line, ...(edit.length === 0 ? [link] : [])), ...edit, end]),
    );
    expect(atOnce).toEqual([shown("POST", line), shown("PUT", other)]);
    expect(later).toEqual(atOnce);
  });

  it("keeps what else it says, and cards of channels keep all", () => {
    const address = (conversation: string) => ({ request: `POST /v3/conversations/${conversation}/activities` });
    const inChannel = said("teams", { ...address("19:a"), body: { attachments: [link] }, id: "8" });
    expect(leaveOutWays([inChannel])).toEqual([inChannel]);
  });
});

describe("the record as text", () => {
  const page = { reason: "unclaimed", place: "Spreekkamer 3", words: "Er is nog geen collega onderweg." };

  it("writes once what comes again, and tells a changed word from what it was", () => {
    const text = render([said("desk", page, 60_000), said("phone", page, 120_000)]);
    expect(text).toMatch(/^\+60s desk &(\w+) \{.*\}\n\+120s phone \*\1$/);
    expect(render([said("desk", { ...page, reason: "lapsed" }, 60_000)])).toContain('reason: "lapsed"');
  });

  it("says so when nothing came", () => {
    expect(render([])).toBe("nothing");
  });
});
