import { expect, it } from "vitest";
import { Reasons } from "../../bot/kit/reasons.ts";

it("is news once for each reason, until it works again", () => {
  const reasons = new Reasons();
  const [full, gone] = [new Error("disk full"), new Error("disk gone")];
  expect([full, full, gone, new Error("disk full")].map((each) => reasons.isNew(each))).toEqual([
    true,
    false,
    true,
    false,
  ]);
  reasons.forget();
  expect(reasons.isNew(full)).toBe(true);
});

it("floods nothing where each reason is another one", () => {
  const reasons = new Reasons();
  const news = Array.from({ length: 1_000 }, (_, number) => reasons.isNew(new Error(`connection ${number} is gone`)));
  expect(news.filter(Boolean)).toHaveLength(20);
});
