import { expect, it } from "vitest";
import { PhoneNumber } from "../../bot/kit/phone-number.ts";
import { expects } from "../../bot/words/settings/expects.ts";

it.each([
  "+31612345678",
  "+31301234567",
  "+31882345678",
  "+318001234",
  "+31970000001",
  "+3197012345678",
  "+32470000001",
])("%s can be dialled", (number) => {
  expect(PhoneNumber.safeParse(number).success).toBe(true);
});

it.each([
  ["a number of 14", "+3114030"],
  ["a 0 behind the country", "+310301234567"],
  ["a 0 behind another country", "+320470000001"],
  ["no country", "+00301234567"],
  ["112", "+31112"],
  ["112 and more", "+31112000000"],
  ["one of 116", "+31116123"],
  ["too short for the Netherlands", "+3188000"],
  ["too long for the Netherlands", "+316123456789"],
  ["too short for anywhere", "+32471"],
  ["one as it is dialled at home", "0301234567"],
  ["one with blanks", "+31 30 123 4567"],
])("%s is refused: %s", (_what, number) => {
  const { error } = PhoneNumber.safeParse(number);
  expect(error?.issues[0]?.message).toBe(expects("phone"));
});
