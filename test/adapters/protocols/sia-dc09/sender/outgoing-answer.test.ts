import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toKeys } from "../../../../../adapters/protocols/sia-dc09/frame/cipher.ts";
import { toFrameBytes } from "../../../../../adapters/protocols/sia-dc09/frame/frame.ts";
import { evaluateAnswer } from "../../../../../adapters/protocols/sia-dc09/sender/outgoing-answer.ts";
import fixture from "../../../../fixtures/sia-dc09/answers.json" with { type: "json" };

const wrongKey = toKeys("ZZZZBBBBCCCCDDDD");

/** As it stands on the wire: between LF and CR, where there is more than the bare word. */
function toWire(answer: string): Buffer {
  return Buffer.from(answer.startsWith('"') ? answer : `\n${answer}\r`, "latin1");
}

describe.each(fixture.answers)("$by: $note", ({ answer, key, kind, sentAt }) => {
  const keys = toKeys(key ?? "");
  const bytes = toWire(answer);
  const at = sentAt === null ? null : Date.parse(sentAt);
  const expected =
    kind === "wrong-time"
      ? { kind, clockAt: at }
      : kind === "taken"
        ? { kind, sealedAt: keys.length === 0 ? null : at }
        : { kind };

  it(`is ${kind}, with and without what stands around it`, () => {
    expect(evaluateAnswer(bytes, "0001", keys)).toEqual(expected);
    expect(evaluateAnswer(Buffer.from(answer, "latin1"), "0001", keys)).toEqual(expected);
  });

  it("to another frame proves nothing, but for NAK, which has a number of its own", () => {
    const isNak = kind === "wrong-time";
    expect(evaluateAnswer(bytes, "0002", keys)).toEqual(isNak ? expected : { kind: "unusable" });
  });

  it("that says taken counts only with our key where we have one", () => {
    expect(evaluateAnswer(bytes, "0001", wrongKey)).toEqual(kind === "taken" ? { kind: "unusable" } : expected);
  });

  it("that is damaged proves nothing", () => {
    const damaged = Buffer.from(bytes);
    damaged.writeUInt8(damaged.readUInt8(damaged.length - 3) ^ 1, damaged.length - 3);
    expect(evaluateAnswer(damaged, "0001", keys)).toEqual({ kind: "unusable" });
  });
});

it("RSP is taken too, and DUH may have no number of ours", () => {
  expect(evaluateAnswer(toFrameBytes('"RSP"0001R0L0#1234[]', "text"), "0001", [])).toEqual({
    kind: "taken",
    sealedAt: null,
  });
  expect(evaluateAnswer(toFrameBytes('"DUH"0000R0L0A0[]', "text"), "0001", [])).toEqual({ kind: "refused" });
  expect(evaluateAnswer(toFrameBytes('"ACK"0000R0L0#1234[]', "text"), "0001", [])).toEqual({ kind: "unusable" });
  expect(evaluateAnswer(Buffer.from('"ACK"'), "0001", [])).toEqual({ kind: "taken", sealedAt: null });
  expect(evaluateAnswer(Buffer.from('"ACK"'), "0001", wrongKey)).toEqual({ kind: "unusable" });
});

it("rubbish never throws and is never taken", () => {
  const check = (bytes: Uint8Array) => {
    expect(evaluateAnswer(Buffer.from(bytes), "0001", wrongKey).kind).not.toBe("taken");
  };
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), check));
});
