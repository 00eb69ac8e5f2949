import { expect, it } from "vitest";
import { formatIdentity } from "../../bot/domain/alarm-identity.ts";

it("the identities of alarms of colleagues keep their text", () => {
  expect(formatIdentity({ kind: "chat", message: "5f3a" })).toBe("chat:5f3a");
  expect(formatIdentity({ kind: "answered", message: "5f3a" })).toBe("answered:5f3a");
  expect(formatIdentity({ kind: "helped", message: "5f3a" })).toBe("helped:5f3a");
  expect(formatIdentity({ kind: "announced", message: "5f3a" })).toBe("visit:5f3a");
  expect(formatIdentity({ kind: "visit", person: "p-1", startedAt: 1, endsAt: 2 })).toBe("visit:p-1:1:2");
});
