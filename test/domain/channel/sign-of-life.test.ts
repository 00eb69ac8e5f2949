import { expect, it } from "vitest";
import { formatSign, isSignOld, parseSign } from "../../../bot/domain/channel/sign-of-life.ts";

const dayMs = 24 * 3_600_000;
const sign = { conversation: "19:alarms@thread.tacv2", activity: "17", postedAt: 1_764_000_000_000 };

it("is read as it was written, and what can't be read is none", () => {
  expect(parseSign(formatSign(sign))).toEqual(sign);
  for (const torn of [null, "", "{", "[]", '{"conversation":"x"}']) expect(parseSign(torn)).toBeNull();
});

it("is posted anew after a week, also when the hour before was an hour later", () => {
  expect(isSignOld(sign, sign.postedAt + 6 * dayMs)).toBe(false);
  expect(isSignOld(sign, sign.postedAt + 7 * dayMs - 3_600_000)).toBe(true);
});
