/** The kinds of event codes. */
export const codeKinds = [
  "press",
  "test",
  "cancel",
  "battery-low",
  "battery-ok",
  "trouble",
  "heartbeat",
  "unreadable",
] as const;
export type CodeKind = (typeof codeKinds)[number];

/**
 * The two-letter codes of SIA DC-03 by kind, after the table at
 * https://github.com/eavanvalkenburg/pysiaalarm/blob/main/src/pysiaalarm/data/sia_codes.json
 *
 * Presses are panic, hold-up, medical and emergency, and disarming under duress; so are burglary and untyped alarms,
 * because simple panels know a button only as a zone that is always armed. A zone for buttons that is in trouble,
 * bypassed or missing is a button that does not work. All other codes are about the daily use of a building and count
 * as a sign of life of the panel. So does a restoral, because a button that was let go closes nothing; but the restoral
 * of a battery ends its trouble.
 */
const siaCodes: readonly (readonly [CodeKind, string])[] = [
  ["press", "PA HA MA QA ND BA BG BM BV UA UG UX"],
  ["cancel", "BC OC"],
  ["test", "BX RX RY TC TP TX"],
  ["battery-low", "XT YM YT"],
  ["battery-ok", "XR YR"],
  [
    "trouble",
    `AA AT BB BD BS BT BZ DT EM ES ET EX HB HS HT IA LT MB MS MT NC NT PB PF PS PT QB QS QT RT SM TA TT UB US UT UY UZ
    XL XM XQ XS XX YC YD YF YI YN YP YS YU YW YX`,
  ],
  [
    "heartbeat",
    `AB AF AN AR AS BE BH BJ BR BU CA CB CC CD CE CF CG CI CJ CK CL CM CO CP CQ CR CS CT CW CX CZ DA DB DC DD DE DF DG
    DH DI DJ DK DL DM DN DO DP DQ DR DS DU DV DW DX DY DZ EA EE EJ EN ER EZ FA FB FC FG FH FI FJ FK FL FM FQ FR FS FT
    FU FV FW FX FY FZ GA GB GH GJ GR GS GT GU GX HH HJ HR HU IR JA JC JD JH JK JL JO JP JR JS JT JV JX JY JZ KA KB KH
    KJ KR KS KT KU LB LD LE LF LR LS LU LX MH MI MJ MR MU NA NB NE NF NL NM NO NP NR NS OA OB OG OH OI OJ OK OL OP OQ
    OR OS OT OU OV OZ PC PD PE PG PH PJ PO PR PU QH QJ QR QU RA RB RC RD RN RO RP RR RS RU SA SB SC SH SJ SR SS ST SU
    TB TE TH TJ TR TS TU TW TZ UH UJ UR UU VI VO VR VT VX VY VZ WA WB WH WJ WR WS WT WU XA XC XE XF XH XI XJ XW YA YB
    YE YG YH YJ YK YO YQ YY YZ ZA ZB ZH ZJ ZR ZS ZT ZU ZY ZZ`,
  ],
];

/**
 * The code of no event, by which some panels fill up their polls, such as `"NULL"0000R0L0#AAAB[#0000|0000 00 000]`:
 * https://github.com/eavanvalkenburg/sia/issues/17
 */
export const fillerCode = "000";

/**
 * The three-digit codes of Contact ID (SIA DC-05) by kind; a range means every code in it. 102 is somebody who failed
 * to report in, 602 the panel's own test by the clock. Named after
 * https://github.com/haywirecoder/homebridge-envisalink-ademco/blob/master/cid.js
 */
const contactIdCodes: readonly (readonly [CodeKind, string])[] = [
  ["press", "100-109 120-136 138-140 146 150"],
  ["cancel", "406"],
  ["test", "601 604 607 608 611-616"],
  ["battery-low", "302 309 311 338 384"],
  ["trouble", "137 141-145 147 300-301 303-308 310 312-337 339-383 385-399 570-579"],
  ["heartbeat", `${fillerCode} 110-119 151-169 200-299 400-405 407-499 500-569 602-603 605-606 609-610 617-659`],
];

const kinds = new Map<string, CodeKind>(
  [...siaCodes, ...contactIdCodes].flatMap(([kind, list]) =>
    list.split(/\s+/).flatMap((item) => expandRange(item).map((code) => [code, kind] satisfies [string, CodeKind])),
  ),
);

/** The kind of a SIA or Contact ID code; `unreadable` for one in no table, because it may be a press. */
export function toCodeKind(code: string): CodeKind {
  return kinds.get(code) ?? "unreadable";
}

/** Whether the number behind a code names a zone. Elsewhere it is a user, an area, a line: no button. */
export function hasZone(code: string): boolean {
  return /^(?:[HMPQU][A-Z]|B[^C]|TP|X[RT]|1(?!21|26)\d\d|3[78]\d|57\d|61\d)$/.test(code);
}

/** "120-122" as 120, 121, 122; anything else as itself. */
function expandRange(item: string): string[] {
  const [first = "", last] = item.split("-");
  if (last === undefined) return [first];
  return Array.from({ length: Number(last) - Number(first) + 1 }, (_, step) => String(Number(first) + step));
}
