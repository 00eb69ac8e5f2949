import { expect, it } from "vitest";
import { changeDatabase, cutIncident } from "../../../damage.ts";
import { openKernel } from "../../open-kernel.ts";

it("restores an incident of which part can't be read, also where its card can't be read either", async () => {
  await using bot = await openKernel();
  await bot.press();
  cutIncident(bot.path, "i-1");
  changeDatabase(bot.path, "alter table boards rename to hidden");
  expect(await bot.pressAgain()).toMatchObject({ incident: { id: "i-1", cardPostedAt: null } });
  expect(await bot.load()).toMatchObject({ id: "i-1" });
  expect(bot.lines.map((line) => line.split(" ")[0])).toEqual(["incident-restored"]);
});
