import { expect, it } from "vitest";
import { readContent } from "../../../../../adapters/protocols/sia-dc09/frame/content.ts";
import { type Frame, readFrame, toFrameBytes } from "../../../../../adapters/protocols/sia-dc09/frame/frame.ts";
import { Accounts } from "../../../../../adapters/protocols/sia-dc09/receiver/account.ts";
import { evaluate } from "../../../../../adapters/protocols/sia-dc09/receiver/evaluate.ts";
import { Memory } from "../../../../../adapters/protocols/sia-dc09/receiver/memory.ts";
import { findOrigin } from "../../../../../adapters/protocols/sia-dc09/receiver/origin.ts";

const accounts = Accounts.parse({ "1234": {} });
const moment = { now: 0, wall: 0 };

/** How long a frame with that content takes, in milliseconds: the shortest of some, because a machine may be busy. */
function measure(content: string, account: string): number {
  const bytes = toFrameBytes(`"SIA-DCS"0001L0#${account}[${content}`, "text").subarray(1, -1);
  const times = Array.from({ length: 15 }, () => {
    const begunAt = performance.now();
    const frame = readFrame(bytes) as Frame;
    evaluate(frame, findOrigin(frame, accounts), new Memory().snapshot(account), moment);
    return performance.now() - begunAt;
  });
  return Math.min(...times);
}

it.each([
  ["extended data that nothing ends", `]${"[A".repeat(2_000)}`],
  ["extended data without a letter", `]${"[".repeat(4_000)}`],
  ["extended data without an end", "][A".repeat(1_300)],
  ["blanks in front of what is no event", `#1234|${" ".repeat(3_990)}!`],
  ["times that are none", "_1".repeat(2_000)],
  ["bars", "|".repeat(4_000)],
])("the longest frame is read in about the time of any other of its length: %s", (_what, content) => {
  const usual = `#1234|NPA001${"x".repeat(3_980)}]`;
  for (const account of ["1234", "9999"])
    expect(measure(content, account)).toBeLessThan(20 * measure(usual, account) + 0.3);
});

it.each<[string, Record<string, string>]>([
  ["[A1][B2]", { A: "1", B: "2" }],
  ["[A1][A2]", { A: "1" }],
  ["[a1][[B2][1][C", { B: "2" }],
  ["[A[B2]3]", { A: "[B2" }],
  ["[A]", { A: "" }],
])("extended data %s is read as before", (text, extended) => {
  expect(readContent(`NPA001]${text}`).extended).toEqual(extended);
});
