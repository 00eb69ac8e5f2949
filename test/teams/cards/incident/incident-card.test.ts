import { describe, expect, it } from "vitest";
import type { Incident } from "../../../../bot/domain/incident/incident.ts";
import { type Language, languages } from "../../../../bot/domain/language.ts";
import { formatKey } from "../../../../bot/domain/message-key.ts";
import { toIncidentCard, toSummary, toUnstoredCard } from "../../../../bot/teams/cards/incident/incident-card.ts";
import { toMessageLink, toOldCard } from "../../../../bot/teams/cards/incident/old-card.ts";
import { card } from "../../../../bot/words/colleague/card.ts";
import { nl } from "../../../dutch.ts";
import { buttonsOf, complaintsOf, textOf } from "../read-card.ts";
import {
  anna,
  bob,
  type CourseName,
  courses,
  follow,
  type Happening,
  press,
  pressedAt,
  toContext,
} from "./incidents.ts";

const names = Object.keys(courses) as CourseName[];
const outcomes = "Het was echt,Loos alarm,Het was een test";
const close = `Alarm afsluiten [${outcomes}]`;
const more = `Meer [${outcomes}]`;
const messageTo = ({ id: person }: { readonly id: string }) =>
  formatKey({ kind: "message", incident: press.incident, ring: 1, person });

function cardOf(course: CourseName, language: Language = "nl", changed: Partial<Incident> = {}) {
  const { incident, history } = follow(courses[course]);
  const context = toContext(language, {}, incident.closedAt === null ? [] : history);
  return toIncidentCard({ ...incident, ...changed }, context);
}

describe("what a colleague reads", () => {
  it.each<[CourseName, string, ...string[]]>([
    ["open", nl.card.headline.open, "Wie gaat erheen? Klik op Ik ga.", "Om 14:03:20 roepen we externe beveiliging op."],
    ["coming", "🟡 2 collega's onderweg", "Is er om 14:04:40 nog niemand?", "Onderweg: Anna Bakker, Bob de Vries"],
    [
      "lapsed",
      "🟥 NIEMAND IS AANGEKOMEN – beveiliging wordt opgeroepen",
      "Ben je er? Klik op Ik ben er.\nGa jij ook? Klik op Ik ga.",
      "Onderweg, nog niet aangekomen: Anna Bakker",
    ],
    [
      "lapsedAndComing",
      "🟥 NIEMAND IS AANGEKOMEN – 1 collega onderweg",
      "Ben je er? Klik op Ik ben er.",
      "Onderweg, nog niet aangekomen: Anna Bakker\nOnderweg: Bob de Vries",
    ],
    [
      "paged",
      "🛡️ BEVEILIGING OPGEROEPEN – NOG GEEN REACTIE",
      "security-desk: bericht aangekomen, nog geen reactie",
      "Om 14:04:20",
    ],
    [
      "pagedAndComing",
      "🟡 1 collega onderweg – beveiliging reageert nog niet",
      "Ben je er? Klik op Ik ben er.",
      "Om 14:04:20 roepen we de beveiliging ook op een andere manier op.",
      "Onderweg: Bob de Vries",
    ],
    ["failedAndComing", "🟥 BEVEILIGING NIET BEREIKT – 1 collega onderweg", "Bel zelf de beveiliging of 112."],
    [
      "failed",
      "🟥 BEVEILIGING NIET BEREIKT – nog niemand onderweg",
      "Bel zelf de beveiliging of 112.\nGa jij? Klik op Ik ga.",
      "guard-phone: niet gelukt: geweigerd",
    ],
    [
      "rerouted",
      "🛡️ BEVEILIGING WORDT OPGEROEPEN – nog niemand onderweg",
      "security-desk: niet gelukt: onbereikbaar, nu op een andere manier",
    ],
    ["guardComing", "🛡️ Beveiliger komt (14:03:40)", "Is er om 14:18:40 nog niemand?", "beveiliger komt (14:03:40)"],
    ["guardAndColleague", "🛡️ Beveiliger komt (14:03:40) – 1 collega onderweg", "Onderweg: Bob de Vries"],
    ["guardThere", "🟢 De beveiliger is ter plaatse", "security-desk: beveiliger is ter plaatse"],
    [
      "there",
      "🟢 Er is iemand ter plaatse",
      "Is het echt? Klik op Het is echt.",
      "Ter plaatse: Anna Bakker",
      "Om 14:13:10 vragen we",
    ],
    ["asked", "❓ GAAT HET DAAR GOED?", "Klik vóór 14:15:10 op Het gaat goed of Ik heb hulp nodig."],
    [
      "silent",
      "🟥 COLLEGA TER PLAATSE REAGEERT NIET – beveiliging wordt opgeroepen",
      "Was ter plaatse, reageert niet: Anna Bakker",
    ],
    [
      "guardSilent",
      "🟥 BEVEILIGER TER PLAATSE REAGEERT NIET – beveiliging wordt opgeroepen",
      "security-desk: beveiliger was ter plaatse, reageert niet",
    ],
    ["thereAndPaged", "🟢 Er is iemand ter plaatse – beveiliging reageert nog niet", "Ter plaatse: Anna Bakker"],
    [
      "thereAndSilent",
      "🟢 Er is iemand ter plaatse – een collega reageert niet",
      "Ter plaatse: Bob de Vries",
      "Was ter plaatse, reageert niet: Anna Bakker",
    ],
    ["helpAndGuard", "🆘 COLLEGA VRAAGT OM HULP – beveiliger komt (14:03:40)", "Kun jij veilig helpen?"],
    ["helpMet", "🟢 Collega en beveiliger ter plaatse – er is om hulp gevraagd", "Is het voorbij?"],
    [
      "helpAgain",
      "🆘 COLLEGA VRAAGT OM HULP – beveiliger ter plaatse",
      "Kun jij veilig helpen?",
      "Is er om 14:06:50 nog geen hulp?",
    ],
    [
      "help",
      "🆘 COLLEGA VRAAGT OM HULP – beveiliging wordt opgeroepen",
      "Kun jij veilig helpen?",
      "security-desk: wordt opgeroepen",
    ],
    [
      "witnessed",
      "🟢 Er is iemand ter plaatse",
      "Iemand ter plaatse zegt: het is echt.",
      "Lees voor aan de meldkamer of 112",
    ],
    ["closed", "⬛ Afgesloten – loos alarm", "Afgesloten door Anna Bakker om 14:07:20."],
  ])("%s: state first, then the place, then what is asked", (course, headline, ...sentences) => {
    const [first, second, ...rest] = textOf(cardOf(course)).split("\n");
    expect([first, second]).toEqual([headline, "Spreekkamer 3"]);
    // How to get there is for whoever goes, and must not push the buttons off a phone.
    const isAsked = !course.startsWith("closed");
    expect(rest.indexOf("Begane grond, links van de balie")).toBeGreaterThanOrEqual(isAsked ? 1 : 0);
    for (const sentence of sentences) expect(rest.join("\n")).toContain(sentence);
  });

  it.each<[CourseName, string, string]>([
    ["open", "🔴 ALARM – NOBODY ON THE WAY YET", "If nobody goes, we call external security at 14:03:20."],
    ["paged", "🛡️ SECURITY CALLED – NO ANSWER YET", "security-desk: message arrived, no answer yet"],
    ["failed", "🟥 SECURITY NOT REACHED – nobody on the way yet", "Call security or 112 yourself."],
    ["closed", "⬛ Closed – false alarm", "Closed by Anna Bakker at 14:07:20."],
  ])("%s, in English", (course, headline, sentence) => {
    const text = textOf(cardOf(course, "en"));
    expect(text.startsWith(`${headline}\n`)).toBe(true);
    expect(text).toContain(sentence);
  });

  it("never claims that a human was reached when none answered", () => {
    for (const course of ["paged", "failed", "rerouted", "lapsed", "silent", "guardSilent", "help"] as const) {
      expect(textOf(cardOf(course))).not.toMatch(/beveiliger (komt|is ter plaatse)/i);
    }
  });

  it("a closed card tells what happened, whatever came after it", () => {
    const [headline, , , , ...rest] = textOf(cardOf("closedAfterGuard")).split("\n");
    expect(headline).toBe("⬛ Afgesloten – het was echt");
    expect(rest.slice(0, -1)).toEqual([
      "Afgesloten door Anna Bakker om 14:07:20.",
      "Ging als eerste: Bob de Vries (14:03:30)",
      "Als eerste ter plaatse: de beveiliger (14:05:20)",
      expect.stringMatching(
        /^Beveiliging via security-desk: opgeroepen \(14:03:21\), beveiliger zou komen \(14:03:40\), beveiliger was ter plaatse \(14:05:20\); bericht .* aangekomen/,
      ),
      "Ook ter plaatse: Anna Bakker (14:05:40)",
      "Kon niet: Bob de Vries (14:03:35)",
      "Gewaarschuwd: Anna Bakker, Bob de Vries",
    ]);
  });

  it("a closed card says that nobody went, that nobody of security answered, and how many rounds there were", () => {
    const { incident, history } = follow([
      ...courses.paged,
      [120_000, { kind: "deadline" }],
      [300_000, { kind: "deadline" }],
      [310_000, { kind: "resolve", by: anna, isLead: true, outcome: "test" }],
    ]);
    const text = textOf(toIncidentCard(incident, toContext("nl", {}, history)));
    expect(text).toContain("Ging als eerste: niemand\nAls eerste ter plaatse: niemand");
    expect(text).toContain("Beveiliging via security-desk: opgeroepen (14:03:21), niemand reageerde");
    expect(text).toContain("Rondes: 2 (14:02:20, 14:07:20)");
  });

  it("a closed card claims nothing about the course where its history can't be read", () => {
    const text = textOf(toIncidentCard(follow(courses.closedAfterGuard).incident, toContext("nl")));
    expect(text).toContain("Afgesloten door Anna Bakker om 14:07:20.");
    expect(text).not.toMatch(/niemand|Beveiliging/);
  });

  it("counts how many more are needed, and pages at the step's own moment", () => {
    const changed = { claimsNeeded: 2 };
    const { incident } = follow(courses.coming.slice(0, 2), { changed });
    const text = textOf(toIncidentCard(incident, toContext("nl", changed)));
    expect(text).toContain("🟠 1 van 2 collega's onderweg");
    expect(text).toContain("Er is nog 1 collega nodig.");
    expect(text).toContain("Om 14:03:20 roepen we externe beveiliging op.");
  });

  it.each(languages)("where two are needed whoever is asked to go reads that nobody goes alone: %s", (language) => {
    const changed = { claimsNeeded: 2 };
    const { ask, button } = card[language];
    const show = (course: CourseName) =>
      textOf(toIncidentCard(follow(courses[course], { changed }).incident, toContext(language, changed)));
    const isAsked = (text: string) => text.includes(`${language === "nl" ? "Klik op" : "Click"} ${button.claim}`);
    const asking = names.filter((course) => isAsked(show(course)));
    expect(asking).toContain("help");
    for (const course of [...asking, "coming", "guardComing"] as const)
      expect(show(course), course).toContain(ask.neverAlone);
    expect(show("there")).not.toContain(ask.neverAlone);
    expect(textOf(cardOf("open", language))).not.toContain(ask.neverAlone);
  });

  it("promises no page at the step's moment once just enough are coming", () => {
    const text = textOf(toIncidentCard(follow(courses.coming.slice(0, 2)).incident, toContext("nl")));
    expect(text).toContain("🟡 1 collega onderweg");
    expect(text).toContain("Is er om 14:04:40 nog niemand?");
  });

  it("asks for the arrival while a page of a slow queue can still be withheld", () => {
    const { incident } = follow([...courses.paged.slice(0, 2), [61_000, { kind: "claim", by: anna }]]);
    expect(textOf(toIncidentCard(incident, toContext("nl")))).toContain("🟡 1 collega onderweg");
  });

  it("says that nobody is on duty, and that a guard can't come", () => {
    const declined: Happening[] = [
      [1000, { kind: "page-starting", key: "0198c0de-1-1" }],
      [2000, { kind: "guard", pageKey: "0198c0de-1-1", answer: "decline" }],
      [2000, { kind: "guard", pageKey: "0198c0de-1-2", answer: "decline" }],
    ];
    const text = textOf(toIncidentCard(follow(declined, { roster: [] }).incident, toContext("nl")));
    expect(text).toContain("🟥 BEVEILIGING KAN NIET KOMEN");
    expect(text).toContain("Niemand heeft nu dienst.");
    expect(text).toContain("niet gelukt: de beveiliger kan niet komen");
  });

  it("shows what is known of the alarm: cancelled, late, early, pressed again, who wears the button", () => {
    const text = textOf(cardOf("open", "nl", { cancelledAt: pressedAt, presses: 3, lateMs: 180_000 }));
    expect(text).toContain("Het alarm is ingetrokken met de knop. Ga toch kijken.");
    expect(text).toContain("Er is 3 keer alarm geslagen.");
    expect(text).toContain("Volgens de knop is er 3 minuten eerder gedrukt.");
    expect(text).toContain("Alarm van: A. Jansen");
    expect(text).not.toContain("herhaling");
    expect(textOf(cardOf("open", "nl", { mayBeRepeat: true }))).toContain("Dit kan een herhaling zijn");
  });

  it("names what stands in the place's stead", () => {
    expect(textOf(cardOf("open", "nl", { place: null })).split("\n")[1]).toBe("Plaats onbekend");
    const unreadable = textOf(cardOf("open", "nl", { place: null, unreadable: true }));
    expect(unreadable.split("\n")[1]).toBe("Onleesbaar bericht van buttons");
  });

  it("shows a position from press to close only (rule 20)", () => {
    const position = { lat: 52.52001, lon: 5.71, accuracyM: 12 };
    const open = cardOf("open", "nl", { position });
    expect(textOf(open)).toContain("Ongeveer hier: 52.52001, 5.71000 (kan 12 meter afwijken)");
    expect(JSON.stringify(open)).toContain("https://www.openstreetmap.org/?mlat=52.52001&mlon=5.71000");
    expect(JSON.stringify(cardOf("closed", "nl", { position }))).not.toContain("52.52");
  });

  it("ends with the number, the date, the button and the source, and who was warned, small", () => {
    expect(textOf(cardOf("open")).split("\n").slice(-2)).toEqual([
      "Alarm 17 · ingedrukt op 24-11-2026 om 14:02:20 · knop 0042 (buttons)",
      "Gewaarschuwd: Anna Bakker, Bob de Vries",
    ]);
  });

  it("rule 25: names who was warned, and whom a message or the mention did not reach", () => {
    const failed = (route: "message" | "call") =>
      ({ person: anna, route, key: messageTo(anna), state: "failed", failure: "refused", at: pressedAt }) as const;
    const rows = (changed: Partial<Incident>) =>
      textOf(cardOf("open", "nl", changed))
        .split("\n")
        .filter((row) => row.includes(anna.name));
    const { label } = nl.card;
    expect(rows({ deliveries: [failed("message")] })).toEqual([
      `${label.notMessaged}: ${anna.name}`,
      `${label.rung}: ${anna.name}`,
    ]);
    expect(rows({ unmentioned: [anna] })).toEqual([
      `${label.notMentioned}: ${anna.name}`,
      `${label.rung}: ${anna.name}, ${bob.name}`,
    ]);
    const unreached = [`${label.unreached}: ${anna.name}`];
    expect(rows({ deliveries: [failed("message")], unmentioned: [anna] })).toEqual(unreached);
    expect(rows({ deliveries: [failed("message"), failed("call")] })).toEqual(unreached);
  });
});

describe("buttons", () => {
  it.each<[CourseName, string[]]>([
    ["open", ["Ik ga", "Ik kan niet", "Ik ben er", "Ik heb hulp nodig", more]],
    ["coming", ["Ik ga", "Ik ben er", "Ik heb hulp nodig", "Ik kan niet", more]],
    ["paged", ["Ik ga", "Ik kan niet", "Ik ben er", "Ik heb hulp nodig", more]],
    ["guardComing", ["Ik ga", "Ik ben er", "Ik heb hulp nodig", "Ik kan niet", more]],
    ["there", ["Het is echt", close, "Ik heb hulp nodig", "Ik ga", "Ik ben er", "Meer [Ik kan niet]"]],
    [
      "thereAndPaged",
      [
        "Het is echt",
        close,
        "Ik heb hulp nodig",
        "Ik ga",
        "Ik ben er",
        "Meer [Ik kan niet,Beveiliging niet meer nodig]",
      ],
    ],
    [
      "asked",
      ["Het gaat goed", "Ik heb hulp nodig", "Ik ga", "Ik ben er", `Meer [Het is echt,Ik kan niet,${outcomes}]`],
    ],
    ["witnessed", ["Ik heb hulp nodig", close, "Ik ga", "Ik ben er", "Meer [Ik kan niet]"]],
    ["helpAgain", ["Ik ga", close, "Ik heb hulp nodig", "Ik ben er", "Het is echt", "Meer [Ik kan niet]"]],
    ["closed", []],
  ])("%s", (course, buttons) => {
    expect(buttonsOf(cardOf(course))).toEqual(buttons);
  });

  it.each(names)("%s: two stand right under the question, a row each, and at most four at the end", (course) => {
    const { body, actions = [] } = cardOf(course);
    const rows = body.flatMap((element, at) => (element.type === "ActionSet" ? [{ at, ...element }] : []));
    if (course.startsWith("closed")) return expect([rows, actions]).toEqual([[], []]);
    const [first, second] = rows;
    expect(rows).toMatchObject([{ actions: { length: 1 } }, { actions: { length: 1 } }]);
    expect(second?.at).toBe((first?.at ?? 0) + 1);
    expect(actions.length).toBeLessThanOrEqual(4);
  });

  it("none relies on its colour", () => {
    for (const course of names) expect(JSON.stringify(cardOf(course))).not.toMatch(/"style":"(positive|destructive)"/);
  });

  it("sends its verb and the incident's id, and the same to clients without Action.Execute", () => {
    const asked = cardOf("open").body.find(({ type }) => type === "ActionSet");
    expect(asked).toHaveProperty("actions.0", {
      title: "Ik ga",
      type: "Action.Execute",
      verb: "claim",
      data: { incident: "0198c0de" },
      fallback: { type: "Action.Submit", title: "Ik ga", data: { verb: "claim", incident: "0198c0de" } },
    });
    expect(JSON.stringify(cardOf("open"))).not.toContain("msteams");
    expect(JSON.stringify(cardOf("open"))).toContain('"data":{"incident":"0198c0de","outcome":"false"}');
  });
});

describe("every card", () => {
  const all = languages.flatMap((language) => names.map((course) => [language, course] as const));

  it.each(all)("%s %s satisfies Microsoft's parser and has no refresh", (language, course) => {
    const card = cardOf(course, language);
    expect(complaintsOf(card)).toEqual([]);
    expect(card).not.toHaveProperty("refresh");
  });

  it("is noticed when it is wrong", () => {
    const card = cardOf("open");
    const wrong = { ...card, body: [{ type: "Nonsense" }] } as unknown as typeof card;
    expect(complaintsOf(wrong)).not.toEqual([]);
    const many = { ...card, actions: [1, 2, 3].flatMap(() => card.actions ?? []) };
    expect(complaintsOf(many)).not.toEqual([]);
  });

  it("stays under 20 KB with ten responders, ten pagers and long texts", () => {
    const long = "🚨é".repeat(10_000);
    const there = follow(courses.asked).incident;
    const [responder] = there.responders;
    if (responder === undefined) throw new Error("somebody is there");
    const [pager] = Object.values(follow(courses.paged).incident.pagers);
    if (pager === undefined) throw new Error("somebody was paged");
    const card = toIncidentCard(
      {
        ...there,
        place: long,
        directions: long,
        source: long,
        button: long,
        verification: "second-person",
        responders: Array.from({ length: 10 }, (_, at) => ({ ...responder, person: { id: `${at}`, name: long } })),
        pagers: Object.fromEntries(Array.from({ length: 10 }, (_, at) => [`${at}${long}`, pager])),
      },
      toContext("nl"),
    );
    expect(Buffer.byteLength(JSON.stringify(card), "utf8")).toBeLessThan(20_000);
    expect(Buffer.byteLength(JSON.stringify(card), "utf16le")).toBeLessThan(40_000);
    expect(complaintsOf(card)).toEqual([]);
  });

  it("names twelve people and counts the rest", () => {
    const { incident } = follow(courses.there);
    const responders = Array.from({ length: 15 }, (_, at) => ({
      person: { id: `${at}`, name: `P${at}` },
      state: "declined" as const,
      since: 0,
      arrivedAt: null,
      signAt: null,
      silentAt: null,
    }));
    expect(textOf(toIncidentCard({ ...incident, responders }, toContext("nl")))).toContain("P11 en nog 3");
  });
});

describe("text from outside", () => {
  const hostile = [
    "**x**",
    "<at>Bob</at>",
    "[a](http://evil)",
    "# kop\n- lijst\r\n1. een",
    "{{DATE(2026-01-01T00:00:00Z)}}",
    "a\u202Eb\u0000c\uD800",
    "x".repeat(10_000),
    "👩🏽‍🚒".repeat(50),
  ];

  it.each(hostile)("%j stays in text runs, which know no markdown, on one short line", (text) => {
    const changed = { place: text, directions: text, button: text, source: text };
    const card = cardOf("coming", "nl", changed);
    const blocks = JSON.stringify(card.body.filter(({ type }) => type !== "RichTextBlock"));
    expect(blocks).not.toContain(text.slice(0, 4));
    const place = textOf(card).split("\n")[1] ?? "";
    expect([...place].length).toBeLessThanOrEqual(80);
    expect(place).not.toMatch(/[\p{Cc}\p{Cf}]|\{\{/u);
    expect(place.isWellFormed()).toBe(true);
    expect(complaintsOf(card)).toEqual([]);
  });
});

describe("a card that rings", () => {
  const mentioned = [
    { name: "Anna Bakker", id: "00000000-0000-4000-8000-000000000001" },
    { name: "Bob de Vries", id: null },
  ];

  it("mentions people in its last block, and only when it is posted", () => {
    const { incident } = follow(courses.open);
    const card = toIncidentCard(incident, toContext("nl"), mentioned);
    expect(complaintsOf(card)).toEqual([]);
    expect(card.msteams).toEqual({
      entities: [
        {
          type: "mention",
          text: "<at>Anna Bakker</at>",
          mentioned: { id: "00000000-0000-4000-8000-000000000001", name: "Anna Bakker" },
        },
      ],
    });
    expect(card.body.at(-1)).toMatchObject({
      type: "TextBlock",
      text: `**${nl.card.label.rung}:** <at>Anna Bakker</at>`,
    });
    expect(cardOf("open")).not.toHaveProperty("msteams");
    expect(JSON.stringify(cardOf("open"))).not.toContain("<at>");
  });
});

describe("a card that is not the newest any more", () => {
  it.each(languages)(
    "has no button, says nothing that could be out of date and leads to the newest: %s",
    (language) => {
      const { incident } = follow(courses.paged);
      const link = toMessageLink(
        { conversation: "19:a@thread.tacv2", activity: "17" },
        { tenant: "tenant-1", group: "group-1" },
      );
      const { card, summary } = toOldCard(incident, link, toContext(language));
      expect(complaintsOf(card)).toEqual([]);
      expect(buttonsOf(card)).toEqual([]);
      expect(summary).toMatch(/^Spreekkamer 3: /);
      expect(textOf(card).split("\n")).toHaveLength(4);
      expect(JSON.stringify(card)).toContain(
        "https://teams.microsoft.com/l/message/19%3Aa%40thread.tacv2/17?tenantId=tenant-1&groupId=group-1&parentMessageId=17&createdTime=17",
      );
    },
  );
});

describe("the notification of a locked phone", () => {
  it("begins with the place", () => {
    expect(toSummary(follow(courses.open).incident, toContext("nl"))).toBe(`Spreekkamer 3: ${nl.card.headline.open}`);
  });
});

describe("an alarm that could not be recorded (rule 1)", () => {
  it.each(languages)("says so loudly and can't be clicked: %s", (language) => {
    const { card: shown, summary } = toUnstoredCard(press, toContext(language), pressedAt);
    expect(complaintsOf(shown)).toEqual([]);
    expect(buttonsOf(shown)).toEqual([]);
    expect(summary).toMatch(/^Spreekkamer 3: 🔴 ALARM – (NIET OPGESLAGEN|NOT RECORDED)$/);
    expect(textOf(shown)).toMatch(/112/);
    expect(textOf(shown)).toContain("14:02:20");
    expect(textOf(shown)).not.toContain(card[language].ask.neverAlone);
  });

  it.each(languages)("says that nobody goes alone where two are needed: %s", (language) => {
    const { card: shown } = toUnstoredCard(press, toContext(language), pressedAt, [], null, 2);
    expect(textOf(shown)).toContain(card[language].ask.neverAlone);
  });
});
