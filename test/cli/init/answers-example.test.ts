import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { questions } from "../../../bot/cli/init/answers.ts";
import { composeFiles } from "../../../bot/cli/init/compose-files.ts";
import { readAnswers } from "../../../bot/cli/init/read-answers.ts";
import { kinds } from "../../../bot/compose/kinds.ts";
import { ConfigurationError } from "../../../bot/config/configuration-error.ts";
import { parseConfiguration } from "../../../bot/config/load-configuration.ts";

const example: Readonly<Record<string, unknown>> = parse(readFileSync("manifests/answers.example.yaml", "utf8"));
const secrets = { clientSecret: "a-secret-of-entra", mailPassword: "T7c-Qm2x_Lw9vR4" };
const made = "Zt5Wc8Qn1Vx4Mb7Ks2Lj9Hg6Fd3Pr0Ye";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "answers-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function read(changes: object) {
  const file = join(folder, "answers.yaml");
  writeFileSync(file, stringify({ ...example, ...changes }), { mode: 0o600 });
  return readAnswers(file);
}

describe("the example of answers", () => {
  it("has each question, in the order in which they are asked", () => {
    expect(Object.keys(example)).toEqual(questions);
  });

  it("asks for the secrets, which it does not have", () => {
    const found = (() => {
      try {
        return read({});
      } catch (error) {
        return error instanceof ConfigurationError ? error.problems.map(({ path }) => path) : error;
      }
    })();
    expect(found).toEqual(Object.keys(secrets));
  });

  it.each([
    ["with Teams and mail", {}],
    ["with a webhook", { pager: "webhook" }],
    ["without an app", { appId: undefined }],
  ])("filled in makes a configuration that starts: %s", (_, changes) => {
    const files = composeFiles(read({ ...secrets, ...changes }), "data/rugdekking.db", () => made);
    const { people, policies } = parseConfiguration("rugdekking.yaml", files.configuration, files.variables, kinds);
    expect(people).toMatchObject([{ name: example.leadName, phone: example.leadPhone }]);
    // To aggression nobody goes alone.
    expect(policies.building?.claimsNeeded).toBe(2);
  });
});
