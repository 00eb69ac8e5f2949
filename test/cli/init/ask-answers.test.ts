import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { askAnswers } from "../../../bot/cli/init/ask-answers.ts";
import { init } from "../../../bot/words/terminal/init.ts";

/** Types these lines, each once a question stands there; null: ends the input. Resolves with what was answered. */
async function type(...lines: (string | null)[]) {
  const input = Object.assign(new PassThrough(), { isTTY: true });
  const output = new PassThrough();
  let said = "";
  output.on("data", (chunk) => {
    said += chunk;
    if (!/\? $|\) $/.test(String(chunk))) return;
    const line = lines.shift();
    if (line === undefined || line === null) input.end();
    else input.write(`${line}\n`);
  });
  const given = await askAnswers({ input, output }, init.nl).catch((error: unknown) => String(error));
  return { given, said, left: lines.length };
}

const id = "00000000-0000-0000-0000-0000000000CC";

describe("init asks", () => {
  it("what it needs, with what it takes when nothing is typed, and nothing that follows from what is not there", async () => {
    const mail = ["", "mail.example.nl", "alarm@example.nl", "wacht@example.nl", ""];
    const { given, said, left } = await type(
      "",
      "Gemeente",
      "",
      "",
      "L. Leider",
      id,
      "",
      "",
      "0042",
      "Balie",
      "",
      ...mail,
    );
    expect(left).toBe(0);
    expect(given).toEqual({
      language: "nl",
      organisation: "Gemeente",
      appId: undefined,
      channel: "frontdesk",
      leadName: "L. Leider",
      leadId: id.toLowerCase(),
      leadPhone: undefined,
      source: "webhook",
      button: "0042",
      place: "Balie",
      claimsNeeded: "2",
      pager: "smtp",
      mailHost: "mail.example.nl",
      mailFrom: "alarm@example.nl",
      mailTo: "wacht@example.nl",
      mailUser: undefined,
    });
    for (const question of ["tenantId", "publicUrl", "pagerUrl", "mailPassword"] as const)
      expect(said).not.toContain(init.nl.ask[question]);
  });

  it("each question once, where all answers are pasted at once", async () => {
    const input = Object.assign(new PassThrough(), { isTTY: true });
    const mail = ["", "mail.example.nl", "alarm@example.nl", "wacht@example.nl", ""];
    input.end(`${["en", "Town", "", "", "L. Lead", id, "", "", "0042", "Desk", "1", ...mail].join("\n")}\n`);
    const given = await askAnswers({ input, output: new PassThrough() }, init.nl);
    expect(given).toMatchObject({
      language: "en",
      organisation: "Town",
      leadName: "L. Lead",
      place: "Desk",
      claimsNeeded: "1",
    });
    expect(given).toMatchObject({ mailHost: "mail.example.nl", mailTo: "wacht@example.nl" });
  });

  it("again where an answer can't be used, in the language that was chosen", async () => {
    const { said, given } = await type("de", "en", "", "Town", "abc", null);
    expect(said).toContain(init.nl.again(init.nl.needed.language));
    expect(said.split(init.en.ask.organisation)).toHaveLength(3);
    expect(said).toContain(init.en.again(init.en.needed.appId));
    expect(given).toContain(init.en.stopped);
  });

  it("for another password where one can be guessed", async () => {
    const mail = [
      "",
      "mail.example.nl",
      "alarm@example.nl",
      "wacht@example.nl",
      "rugdekking",
      "Welkom2026",
      "k7Qv2Rm9Xd4",
    ];
    const lead = ["L. Leider", id, ""];
    const { given, said, left } = await type("", "Gemeente", "", "", ...lead, "", "0042", "Balie", "", ...mail);
    expect(left).toBe(0);
    expect(said).toContain(init.nl.again(init.nl.needed.mailPassword));
    expect(given).toMatchObject({ mailPassword: "k7Qv2Rm9Xd4" });
  });
});
