import { describe, expect, it } from "vitest";
import { toConfigurationReport } from "../../bot/config/configuration-error.ts";
import { environment, errorOf } from "./small.ts";

describe("a value that can't be used is shown", () => {
  it.each([
    ["a language", "language: en", "language: nel", 'het is niet te gebruiken: "nel"; verwacht: een van nl, en'],
    ["a number", "repeatEvery: 3m", "repeatEvery: 3", "it is a number: 3; expected a duration"],
    ["duty", "onDuty: never", 'onDuty: "man 08:00-17:30"', 'it can\'t be used: "man 08:00-17:30"; expected always'],
    ["a type", "{ type: webhook, url", "{ type: sia-dc9, url", 'there is no such type: "sia-dc9"; expected webhook'],
  ])("%s", (_title, from, to, sentence) => {
    expect(toConfigurationReport(errorOf(from, to))).toContain(sentence);
  });

  it("not what stands in a variable", () => {
    const report = toConfigurationReport(
      errorOf("teams:", `listen: { port: "\${PORT}" }\nteams:`, { ...environment, PORT: "secret" }),
    );
    expect(report).toContain("listen.port\n    it is a string; expected a port");
  });
});
