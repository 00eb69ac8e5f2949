import { expect, it } from "vitest";
import { Turns } from "./turns.ts";

it("whoever asks at once is answered in the order of what they ask, and each before what follows of it", async () => {
  const turns = new Turns();
  const answered: string[] = [];
  const ask = async (asked: string) => {
    await turns.take(asked);
    answered.push(asked);
    if (asked === "a") await ask("b");
  };
  await Promise.all([ask("d"), ask("c"), ask("a")]);
  expect(answered).toEqual(["a", "b", "c", "d"]);
});
