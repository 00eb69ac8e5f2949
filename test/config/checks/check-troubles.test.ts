import { describe, expect, it } from "vitest";
import { z } from "zod";
import * as adapters from "../../../adapters/index.ts";
import { parseConfiguration } from "../../../bot/config/load-configuration.ts";
import { environment, kinds, load, problemOf, small } from "../small.ts";

const pagers = "pagers:\n";
const mail = '  mail: { type: webhook, url: "https://mail.example.nl/x", secret: k7Qv2Rm9Xd4Tz8Lw }\n';
const phone = "  phone: { type: ringing }\n";
const tell = (name: string) => `troubles: { tell: ${name} }\n`;

describe("troubles.tell", () => {
  it("is a pager of its own, and then no policy has to page it", () => {
    const { troubles, warnings } = load(pagers, `${tell("mail")}${pagers}${mail}`);
    expect(troubles).toEqual({ tell: "mail" });
    expect(warnings.filter((warning) => warning.startsWith("pagers."))).toEqual([]);
  });

  it("may be left out, with or without its section", () => {
    for (const section of ["", "troubles: {}\n"])
      expect(load(pagers, section + pagers).troubles).toEqual({ tell: null });
  });

  it.each<[string, string, string, string]>([
    ["that is not there", "mail", "", "there is no pager of that name"],
    ["that pages guards", "guard-phone", mail, "a policy pages guards by this pager, who would come"],
  ])("a pager %s is refused", (_what, name, more, wrong) => {
    const problem = problemOf(pagers, `${tell(name)}${pagers}${more}`);
    expect(problem).toMatchObject({ path: "troubles.tell", wrong });
    if (more !== "") expect(problem.expected).toBe("mail");
  });

  it("a pager that rings is refused", () => {
    const ringing = { Options: z.object({}), canCall: true, canTell: false, mayGetPhones: true, addresses: () => [] };
    const text = small.replace(pagers, () => `${tell("phone")}${pagers}${mail}${phone}`);
    const both = { ...kinds, pagers: { ...kinds.pagers, ringing } };
    const parse = () => parseConfiguration("rugdekking.yaml", text, environment, both);
    expect(parse).toThrow(
      expect.objectContaining({
        problems: [
          expect.objectContaining({
            wrong: "whoever is called by this pager would take it for an alarm",
            expected: "mail",
          }),
        ],
      }),
    );
  });

  it("is by none that rings, and by no alarm centre's or duty desk's", () => {
    const refused = Object.keys(adapters.pagers).filter((type) => adapters.pagers[type]?.canTell !== true);
    expect(refused.sort()).toEqual(["pagerduty", "sia-dc09", "twilio-voice"]);
  });

  it.each([tell("[mail]"), "troubles: { say: mail }\n", "troubles: mail\n"])("%j is refused", (section) => {
    expect(() => load(pagers, section + pagers + mail)).toThrow();
  });
});

describe("teams.clientSecretEndsOn", () => {
  const set = (value: string) => `teams: { local: true, clientSecretEndsOn: ${value} }`;

  it.each(["2028-05-01", '"2028-05-01"'])("is a day: %s", (value) => {
    expect(load("teams: { local: true }", set(value)).teams.clientSecretEndsOn).toBe("2028-05-01");
  });

  it.each(["01-05-2028", "2028-02-30", "2028", "soon"])("and not %s", (value) => {
    expect(problemOf("teams: { local: true }", set(value))).toMatchObject({
      path: "teams.clientSecretEndsOn",
      expected: "a date, such as 2028-05-01",
    });
  });
});
