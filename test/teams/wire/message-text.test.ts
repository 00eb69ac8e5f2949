import { describe, expect, it } from "vitest";
import { toTypedText } from "../../../bot/teams/wire/message-text.ts";

const recipient = { id: "28:bot", name: "Balie & Wacht" };
const jan = { type: "mention", text: "<at>Jan</at>", mentioned: { id: "29:jan", name: "Jan" } };

/** A mention of the bot, with that text or none. */
function own(text?: string, name?: string) {
  const mentioned = { id: recipient.id, ...(name === undefined ? {} : { name }) };
  return { type: "mention", ...(text === undefined ? {} : { text }), mentioned };
}

describe("the text that somebody typed", () => {
  it.each([
    ["the entity's own text", "<at>Balie &amp; Wacht</at> alarm", [own("<at>Balie &amp; Wacht</at>")]],
    ["an entity without text", "<at>Balie &amp; Wacht</at> alarm", [own()]],
    ["an entity that spells it otherwise", "<at>Balie &amp; Wacht</at> alarm", [own("<at>Balie & Wacht</at>")]],
    ["an entity whose text is null", "<at>Balie &amp; Wacht</at> alarm", [{ ...own(), text: null }]],
    ["an element with attributes", '<at id="0">Balie &amp; Wacht</at>&nbsp;alarm', [own("<at>Balie & Wacht</at>")]],
    ["other capitals", "<AT>BALIE &amp; WACHT</AT> alarm", [own()]],
    ["no entity at all", "<p><at>Balie &amp; Wacht</at> alarm</p>", []],
    ["another name", "<at>Wachtbot</at> alarm", [own()]],
    ["the name in the entity", "<at>Wachtbot</at> alarm", [own(undefined, "Wachtbot")]],
    ["a name that is no element", "@Balie &amp; Wacht alarm", [own()]],
    ["the bare name", "Balie &amp; Wacht  alarm", [own()]],
    ["a name with what is not seen in it", "<at>\u200eBalie &amp; Wacht\u200b</at>\u200balarm", [own()]],
    ["the bare name behind what is not seen", "\u200bBalie &amp; Wacht\u200balarm", [own()]],
    ["two mentions of it", "<at>Balie &amp; Wacht</at> alarm <at>Balie &amp; Wacht</at>", [own(), own()]],
    ["it behind the word", "alarm <at>Balie &amp; Wacht</at>", [own()]],
  ])("is without the mention of the bot: by %s", (_name, text, entities) => {
    expect(toTypedText({ text, entities, recipient })).toBe("alarm");
  });

  it.each([
    ["in front", "<at>Jan</at>&nbsp;<at>Balie &amp; Wacht</at>&nbsp;alarm zaal", [jan, own()]],
    ["behind the bot", "<at>Balie &amp; Wacht</at>&nbsp;<at>Jan</at>&nbsp;alarm zaal", [own(), jan]],
    ["before a bot of another name", "<at>Jan</at> <at>Wachtbot</at> alarm zaal", [jan, own()]],
    ["behind the word", "<at>Balie &amp; Wacht</at> alarm <at>Jan</at> zaal", [own(), jan]],
    ["at the end", "<at>Balie &amp; Wacht</at> alarm zaal <at>Jan</at>", [own(), jan]],
    ["in two elements", '<at id="0">Jan</at> <at id="1">de Vries</at> alarm zaal', [jan, jan]],
    ["by elements alone", "<at>Jan</at> alarm zaal <at>Piet</at>", []],
    ["with markup in the name", "alarm zaal <at><b>Jan</b></at>", [jan]],
    ["by bare names", "Jan Balie &amp; Wacht Jan de Vries alarm zaal", [own(), jan, { ...jan, text: "Jan de Vries" }]],
    ["by an element, beside the bot's bare name", "Balie &amp; Wacht <at>Jan</at> alarm zaal", [own(), jan]],
    ["by a name with its sign", "alarm zaal @Jan", [{ ...jan, text: "@Jan" }]],
  ])("is without the mention of somebody else: %s", (_name, text, entities) => {
    expect(toTypedText({ text, entities, recipient })).toBe("alarm zaal");
  });

  it("is an alarm where it mentions nothing but what is called so", () => {
    const named = { type: "mention", text: "<at>Alarm</at>", mentioned: { id: "19:alarm", name: "Alarm" } };
    const text = "<at>Balie &amp; Wacht</at> <at>Alarm</at> <at>Jan</at>";
    expect(toTypedText({ text, entities: [own(), named, jan], recipient })).toBe("alarm");
    expect(toTypedText({ text: "<at>Alarm</at>", entities: [own(undefined, "Alarm")], recipient })).toBe("");
  });

  const quote =
    '<blockquote itemscope="" itemtype="http://schema.skype.com/Reply" itemid="17"><strong itemprop="mri">Jan</strong>' +
    '<span itemprop="time" itemid="17"></span><p itemprop="preview">Gaat het goed?</p></blockquote>';
  it.each([
    ["in front", `${quote}<p>alarm</p>`, "alarm"],
    ["behind the mention", `<at>Balie &amp; Wacht</at>${quote}\r\n<p>alarm zaal</p>`, "alarm zaal"],
    ["twice, with the word between them", `${quote}alarm${quote}`, "alarm"],
    ["that quotes another", quote.replace("Gaat", "<blockquote>x</blockquote>Gaat").concat("alarm"), "alarm"],
    ["in capitals", `${quote.replaceAll("blockquote", "BLOCKQUOTE")}alarm`, "alarm"],
    ["of an alarm, and nothing more", quote.replace("Gaat het goed?", "alarm").replace("Jan", ""), ""],
    ["by its number", '<quoted messageId="17"/> alarm', "alarm"],
    ["that is none", "<blockquote>alarm</blockquote>", "alarm"],
    ["that does not end", `${quote.replace("</blockquote>", "")}alarm`, "Jan Gaat het goed? alarm"],
  ])("is without the message that it answers: %s", (_name, text, typed) => {
    expect(toTypedText({ text, entities: [own()], recipient })).toBe(typed);
  });

  it("keeps what only begins like the bot", () => {
    expect(toTypedText({ text: "Balie &amp; Wacht", entities: [], recipient })).toBe("Balie & Wacht");
  });

  it("stays an alarm where the bot is called so", () => {
    const alarm = { id: "28:bot", name: "Alarm" };
    expect(toTypedText({ text: "alarm Balie", entities: [own()], recipient: alarm })).toBe("alarm Balie");
    expect(toTypedText({ text: "<at>Alarm</at> alarm Balie", entities: [own()], recipient: alarm })).toBe(
      "alarm Balie",
    );
  });

  it.each([
    ["alarm R&amp;D", "alarm R&D"],
    ["alarm R&D", "alarm R&D"],
    ["alarm&nbsp;&nbsp;Balie&#160;2", "alarm Balie 2"],
    ["alarm &lt;Balie&gt;", "alarm <Balie>"],
    ["alarm <b>Balie</b>", "alarm Balie"],
    // What somebody typed as an escape is put back as they typed it, and no further.
    ["alarm R&amp;amp;D", "alarm R&amp;D"],
    ["alarm &amp;lt;b&amp;gt;", "alarm &lt;b&gt;"],
    ["alarm caf&#233; &quot;Zuid&quot; &#x27;2&#39;", "alarm café \"Zuid\" '2'"],
    ["alarm &eacute; &#0; &#xd800; &#x110000; &;", "alarm &eacute; &#0; &#xd800; &#x110000; &;"],
    // What can't be seen: a space without width, joiners, marks of direction, a byte order mark, a soft hyphen.
    ["\u200balarm", "alarm"],
    ["&#8203;alarm\u200bBalie\u200b 2", "alarm Balie 2"],
    ["\u200c\u200d\u200e\u2060\ufeff\u061c\u2068alarm\u2069 Ba\u00adlie", "alarm Balie"],
    ["\u3164alarm\ufe0f\u0000\u0085Balie\u2028 2", "alarm Balie 2"],
    ["<p>\u200b</p>", ""],
    [undefined, ""],
  ])("%j is read as %j", (text, typed) => {
    expect(toTypedText({ text, recipient })).toBe(typed);
  });

  it("is read to its end however long it is, as long as the test may take", () => {
    for (const text of [
      "<blockquote itemtype=schema.skype.com/Reply>".repeat(6_000),
      "x".repeat(250_000),
      "<at>".repeat(60_000),
      "<at ".repeat(60_000),
      "&".repeat(250_000),
      "<".repeat(250_000),
    ])
      expect(typeof toTypedText({ text, entities: [own(), own("<at>x</at>"), own("x")], recipient })).toBe("string");
  });
});
