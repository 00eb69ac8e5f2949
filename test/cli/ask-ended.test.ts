import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { askEnded, confirmLost } from "../../bot/cli/copies/ask-ended.ts";
import { restore } from "../../bot/words/database/restore.ts";

const words = restore.nl;
const alarms = [
  ["one", "Alarm 1, Balie."],
  ["two", "Alarm 2, Kelder."],
  ["three", "Alarm 3, Hal."],
] as const;

/** A terminal at which these lines are typed, each once it is asked; null ends the input. */
function typing(lines: readonly (string | null)[], isTTY = true) {
  const input = Object.assign(new PassThrough(), { isTTY });
  const output = new PassThrough();
  let said = "";
  const left = [...lines];
  output.on("data", (chunk) => {
    said += chunk;
    if (!String(chunk).trim().endsWith(":") && !String(chunk).includes(words.askAgain)) return;
    const line = left.shift();
    if (line === null) input.end();
    else if (line !== undefined) input.write(`${line}\n`);
  });
  return { terminal: { input, output }, said: () => said };
}

describe("which alarms of a copy are over", () => {
  it("is asked of each, and only an outcome that is typed ends one", async () => {
    const { terminal, said } = typing(["echt", "ja", "", "Loos"]);
    expect(await askEnded(terminal, alarms, words)).toEqual({ one: "real", three: "false" });
    for (const [, text] of alarms) expect(said()).toContain(text);
    expect(said()).toContain(words.askAgain);
  });

  it("is nothing where the input ends, or nobody sits there", async () => {
    expect(await askEnded(typing(["test", null]).terminal, alarms, words)).toEqual({ one: "test" });
    expect(await askEnded(typing(["echt"], false).terminal, alarms, words)).toEqual({});
  });
});

describe("alarms that are not in the copy", () => {
  it("are left only where somebody says so", async () => {
    await confirmLost(typing(["ja"]).terminal, words);
    for (const line of ["nee", "", null])
      await expect(confirmLost(typing([line]).terminal, words)).rejects.toThrow(words.stopped);
    await expect(confirmLost(typing(["ja"], false).terminal, words)).rejects.toThrow(words.lostRefused);
  });
});
