import { z } from "zod";
import { expects } from "../../../../bot/words/settings/expects.ts";

export const protocols = ["SIA-DCS", "ADM-CID"] as const;
export type Protocol = (typeof protocols)[number];

const Code = z.string().regex(/^(?:[A-Z]{2}|\d{3})$/, expects("siaCode"));
const callOffRule = expects("siaCallOff");

/** The codes for each event, as agreed with the alarm centre. */
export const OutgoingCodes = z.strictObject({
  panic: Code.optional(),
  verified: Code.optional(),
  test: Code.optional(),
  /** Nothing is called off without it, because a restore or a cancel may send away somebody who is needed. */
  callOff: z
    .string()
    .regex(/^(?:[A-Z]{2}|[13]?\d{3})$/, callOffRule)
    .optional(),
  zone: z
    .string()
    .regex(/^\d{1,3}$/, expects("siaZone"))
    .default("0"),
  partition: z
    .string()
    .regex(/^\d{1,2}$/, expects("siaPartition"))
    .default("1"),
});
export type OutgoingCodes = z.infer<typeof OutgoingCodes>;

/**
 * The codes that are sent unless others are agreed. SIA: panic; burglary verified, since the table of DC-03 has no
 * verified panic or hold-up; manual test. Contact ID: panic; panic verifier, which is a confirmed hold-up; manual test.
 * https://github.com/eavanvalkenburg/pysiaalarm/blob/main/src/pysiaalarm/data/sia_codes.json
 * https://github.com/haywirecoder/homebridge-envisalink-ademco/blob/master/cid.js
 */
const defaults = {
  "SIA-DCS": { panic: "PA", verified: "BV", test: "RX" },
  "ADM-CID": { panic: "120", verified: "129", test: "601" },
} satisfies Record<Protocol, { panic: string; verified: string; test: string }>;

/** The codes that are sent; `callOff` is undefined where there is none. */
export function toCodes(protocol: Protocol, { panic, verified, test, callOff }: OutgoingCodes) {
  const usual = defaults[protocol];
  return { panic: panic ?? usual.panic, verified: verified ?? usual.verified, test: test ?? usual.test, callOff };
}

/** Finds the codes that can't be used, each with its name and what is wrong with it. */
export function findCodeFaults(protocol: Protocol, codes: OutgoingCodes): (readonly [name: string, message: string])[] {
  const sent = Object.entries(toCodes(protocol, codes)).filter(([, code]) => code !== undefined);
  const faults: (readonly [string, string])[] = [];
  for (const [index, [name, code = ""]] of sent.entries()) {
    const isSia = /^[A-Z]/.test(code);
    if (isSia !== (protocol === "SIA-DCS")) {
      faults.push([name, expects(isSia ? "threeDigits" : "twoLetters")]);
    }
    // A test that nobody can tell from an alarm sends out a guard; an alarm that looks like a test sends nobody.
    const other = sent.slice(0, index).find(([, earlier]) => earlier === code)?.[0];
    if (other !== undefined && (name === "test" || name === "callOff"))
      faults.push([name, expects("otherCode", other)]);
  }
  return faults;
}
