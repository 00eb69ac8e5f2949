import { PassThrough } from "node:stream";
import { expect, it } from "vitest";
import { Enough } from "../../bot/cli/doctor/enough.ts";

function sit(isTTY: boolean) {
  const input = Object.assign(new PassThrough(), { isTTY });
  return { input, enough: new Enough({ input, output: new PassThrough() }) };
}

it.each([
  ["Enter", "\r"],
  ["Enter after a word", "klaar\r"],
  ["Ctrl-C", "\u0003"],
  ["the end of the input", "\u0004"],
])("%s says that somebody has seen enough", async (_what, typed) => {
  const { input, enough } = sit(true);
  using _enough = enough;
  expect([enough.isAsked, enough.isSaid]).toEqual([true, false]);
  input.write(typed);
  await new Promise((resolve) => setImmediate(resolve));
  expect(enough.isSaid).toBe(true);
});

it("a word that is not finished says nothing, and where nobody sits nobody is asked", async () => {
  const { input, enough } = sit(true);
  using _enough = enough;
  input.write("kla");
  await new Promise((resolve) => setImmediate(resolve));
  expect(enough.isSaid).toBe(false);
  const nobody = sit(false);
  using _nobody = nobody.enough;
  nobody.input.write("\r");
  await new Promise((resolve) => setImmediate(resolve));
  expect([nobody.enough.isAsked, nobody.enough.isSaid]).toEqual([false, false]);
});
