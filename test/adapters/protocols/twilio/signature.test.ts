import { describe, expect, it } from "vitest";
import { isFromTwilio } from "../../../../adapters/protocols/twilio/signature.ts";

/** Published by Twilio: https://github.com/twilio/twilio-python/blob/main/tests/unit/test_request_validator.py */
const token = "12345";
const url = "https://mycompany.com/myapp.php?foo=1&bar=2";
const form = new URLSearchParams({
  CallSid: "CA1234567890ABCDE",
  Digits: "1234",
  From: "+14158675309",
  To: "+18005551212",
  Caller: "+14158675309",
});
const signature = "RSOYDt4T1cUTdK1PDd93/VVr8B8=";

describe("the published examples", () => {
  it.each([
    ["the address as it is", url, signature],
    ["an address with its port, signed without", url.replace(".com", ".com:1234"), signature],
    ["an address without its port, signed with 443", url, "kvajT1Ptam85bY51eRf/AJRuM3w="],
    [
      "http, signed with its port",
      url.replace("https", "http").replace(".com", ".com:1234"),
      "Zmvh+3yNM1Phv2jhDCwEM3q5ebU=",
    ],
    ["http without its port, signed with 80", url.replace("https", "http"), "0ZXoZLH/DfblKGATFgpif+LLRf4="],
  ])("%s", (_, address, given) => {
    expect(isFromTwilio({ url: address, form, signature: given }, token)).toBe(true);
  });

  it("a parameter that comes twice", () => {
    const twice = new URLSearchParams("Sid=CA123&SidAccount=AC123&Digits=5678&Digits=1234");
    expect(isFromTwilio({ url, form: twice, signature: "IK+Dwps556ElfBT0I3Rgjkr1wJU=" }, token)).toBe(true);
  });
});

describe("what is refused", () => {
  const changed = (name: string, value: string) => {
    const copy = new URLSearchParams(form);
    copy.set(name, value);
    return copy;
  };
  const added = new URLSearchParams([...form, ["Digits", "5"]]);
  const without = new URLSearchParams([...form].filter(([name]) => name !== "Digits"));

  it.each([
    ["no signature", { url, form, signature: undefined }],
    ["an empty one", { url, form, signature: "" }],
    ["half of it", { url, form, signature: signature.slice(0, 14) }],
    ["another one", { url, form, signature: "kvajT1Ptam85bY51eRf/AJRuM3x=" }],
    ["another path", { url: url.replace("myapp", "yourapp"), form, signature }],
    ["another query", { url: url.replace("bar=2", "bar=3"), form, signature }],
    ["a query in another order", { url: "https://mycompany.com/myapp.php?bar=2&foo=1", form, signature }],
    ["another host", { url: url.replace("mycompany", "yourcompany"), form, signature }],
    ["http in the place of https", { url: url.replace("https", "http"), form, signature }],
    ["a changed parameter", { url, form: changed("Digits", "5"), signature }],
    ["a new parameter", { url, form: changed("Extra", ""), signature }],
    ["a second value", { url, form: added, signature }],
    ["a parameter less", { url, form: without, signature }],
    ["no address at all", { url: "not an address", form, signature }],
  ])("%s", (_, post) => {
    expect(isFromTwilio(post, token)).toBe(false);
  });

  it("another token", () => {
    expect(isFromTwilio({ url, form, signature }, "12346")).toBe(false);
  });
});
