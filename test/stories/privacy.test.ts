import { expect, it } from "vitest";
import { line, nl } from "../dutch.ts";
import { alice, bob, minute, second, startBot } from "../harness.ts";

/** Without the keys behind links: by chance they hold three letters of a name. */
function withoutKeys(text: string): string {
  return text.replace(/[\w-]{32,}/g, "");
}

it("rule 20: no colleague's name on a page or the guard's page, and nothing of a resident anywhere", async () => {
  await using bot = await startBot();
  await bot.press("0042", { resident: "J. Bewoner", note: "J. Bewoner is boos", case: "Z-2026-17" });
  const card = await bot.expectCard("Spreekkamer 3");
  await bot.click(alice, card, "claim");
  await bot.click(bob, card, "decline");
  await bot.fastForward(2 * minute);
  const page = await bot.desk.expectPage("lapsed");
  await bot.click(alice, card, "arrive");
  await bot.click(alice, card, "witness");
  await bot.click(alice, card, "help");
  await bot.click(alice, card, "resolve", "real");
  await bot.fastForward(second);

  const pages = JSON.stringify([...bot.desk.pages, ...bot.phone.pages]);
  const toSecurity = withoutKeys(pages) + (await bot.guardPage(page));
  expect(toSecurity).toContain("Spreekkamer 3");
  expect(toSecurity).not.toMatch(/Alice|Jansen|Bob|Vries|Paul|Drager/);
  const everything = toSecurity + withoutKeys(JSON.stringify([bot.teams.calls, bot.lines]));
  expect(everything).toContain("Alice Jansen");
  expect(everything).not.toMatch(/Bewoner|boos|Z-2026-17/);
});

it("rule 20: a place from outside is capped and escaped on card, thread, page and guard's page", async () => {
  const place = `[klik](https://kwaad.example) **vet** <at>Alice Jansen</at> <b>hier</b>\n${"x".repeat(200)}`;
  await using bot = await startBot();
  await bot.press("9999", { place });
  const card = await bot.expectCard("[klik](https: //kwaad. example) **vet** <at>Alice Jansen</at> <b>hier</b> xx");
  const shown = card.text.split("\n").find((line) => line.startsWith("[klik]")) ?? "";
  expect([...shown]).toHaveLength(80);
  // Only a TextRun shows text as it is; a TextBlock would read it as markdown.
  expect(JSON.stringify(card.posted.shown)).not.toMatch(/"TextBlock","text":"[^"]*klik/);

  await bot.fastForward(minute);
  const page = await bot.desk.expectPage("unclaimed");
  expect([...(page.incident.place ?? "")]).toHaveLength(80);
  expect(await bot.guardPage(page)).toContain("&lt;at&gt;Alice Jansen&lt;/at&gt; &lt;b&gt;hier&lt;/b&gt;");

  await bot.press("9999", { place });
  await bot.fastForward(second);
  expect(bot.look(card).thread.filter((reply) => reply.includes("klik"))).toHaveLength(1);
  const messages = [...bot.look(card).thread, ...bot.teams.direct.map(({ body }) => body.text ?? "")].join("\n");
  expect(messages).not.toContain("[klik](");
  expect(messages).not.toContain("**vet**");
  expect(messages).not.toContain("<b>");
  // Alice, Bob and Paul are mentioned once, by us.
  expect(messages.match(/<at>/g)).toHaveLength(3);
  await bot.restartAndExpectNothingElse();
});

it("rule 20: a position is shown from the press to the end, and not after", async () => {
  await using bot = await startBot();
  await bot.press("0060", { position: { lat: 52.51234, lon: 5.47654, accuracyM: 12 } });
  const card = await bot.expectCard(line("position", `52.51234, 5.47654 (${nl.card.remark.accuracy(12)})`));
  await bot.fastForward(minute);
  const page = await bot.desk.expectPage("unclaimed");
  expect(page.incident.position).toEqual({ lat: 52.51234, lon: 5.47654, accuracyM: 12 });
  expect(await bot.guardPage(page)).toContain("52.51234, 5.47654");
  await bot.click(alice, card, "arrive");
  bot.desk.ignoreRest();
  await bot.click(alice, card, "resolve", "real");
  await bot.fastForward(second);
  expect(bot.look(card).text).not.toContain("52.5");
  expect(await bot.guardPage(page)).not.toContain("52.5");
  expect((await bot.desk.expectPage("call-off")).incident.position).toBeNull();
});
