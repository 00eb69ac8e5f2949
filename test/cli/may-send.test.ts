import { PassThrough } from "node:stream";
import { expect, it } from "vitest";
import { askToSend } from "../../bot/cli/doctor/may-send.ts";
import { doctor } from "../../bot/words/terminal/doctor.ts";

const words = doctor.nl;

/** Types that at a terminal; null: ends the input. Resolves with what was asked. */
async function type(typed: string | null, isTTY = true): Promise<string> {
  const input = Object.assign(new PassThrough(), { isTTY });
  const output = new PassThrough();
  const asking = askToSend({ input, output }, words.maySendPages, words);
  if (typed === null) input.end();
  else input.write(`${typed}\n`);
  await asking;
  return String(output.read() ?? "");
}

it.each(["j", "ja", " JA "])("goes on after %j", async (typed) => {
  expect(await type(typed)).toContain(words.maySendPages);
});

it.each(["", "n", "nee", null])("sends nothing after %j", async (typed) => {
  await expect(type(typed)).rejects.toThrow(words.notSent);
});

it("sends nothing where nobody can be asked", async () => {
  await expect(type("ja", false)).rejects.toThrow(words.noTerminal);
});
