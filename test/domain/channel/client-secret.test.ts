import { expect, it } from "vitest";
import { findSecretTrouble } from "../../../bot/domain/channel/client-secret.ts";

it.each<[string | null, string, number | null]>([
  [null, "2028-04-30", null],
  ["2028-05-01", "2028-03-31", null],
  ["2028-05-01", "2028-04-01", 30],
  ["2028-05-01", "2028-04-30", 1],
  ["2028-05-01", "2028-05-01", 0],
  ["2028-05-01", "2029-05-01", -365],
  // The clock is put forward on 26 March 2028.
  ["2028-04-10", "2028-03-11", 30],
])("a secret that ends on %s is on %s a trouble of %s days", (endsOn, today, daysLeft) => {
  expect(findSecretTrouble(endsOn, today)?.daysLeft ?? null).toBe(daysLeft);
});
