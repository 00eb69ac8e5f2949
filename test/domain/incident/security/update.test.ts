import { expect, it } from "vitest";
import { Course, minute, press } from "../course.ts";

const at = (lon: number) => ({ lat: 52.52, lon, accuracyM: 10 });

it("tells whoever was paged its first position and that of each press, and not each one of a tracker", () => {
  const course = new Course().open().to(minute);
  const isTold = (request: Parameters<Course["do"]>[0]) =>
    course.do(request).effects.some(({ kind }) => kind === "update");
  expect(isTold({ kind: "position", position: at(5.71) })).toBe(true);
  expect(isTold({ kind: "position", position: at(5.72) })).toBe(false);
  expect(isTold({ kind: "press", press: { ...press, position: at(5.72) } })).toBe(false);
  expect(isTold({ kind: "press", press: { ...press, position: at(5.73) } })).toBe(true);
  expect(isTold({ kind: "press", press })).toBe(false);
});
