import { describe, expect, it } from "vitest";
import { unnamed } from "../../bot/domain/incident/incident.ts";
import { type AskedFrom, type Deed, type Role, refusalFrom, rights } from "../../bot/domain/who-may.ts";
import type { Request } from "../../bot/engine/kernel/decisions.ts";
import { alice, bob, Course, minute, presser } from "./incident/course.ts";

/** Who asks, from where. */
const askers = {
  "a member of the channel": ["card", []],
  "a guest in the channel": ["card", ["member"]],
  "who is there, from the channel": ["card", ["arrived", "there"]],
  "who was there, from the channel": ["card", ["arrived"]],
  "who is there and silent": ["card", ["arrived", "there", "silent"]],
  "a lead, from the channel": ["card", ["listed", "lead"]],
  "a lead who pressed": ["card", ["listed", "lead", "presser"]],
  "who pressed, from the channel": ["card", ["presser", "typist"]],
  "who pressed, from a chat": ["chat", ["presser", "typist"]],
  "a lead, from a chat": ["chat", ["listed", "lead"]],
  "a colleague of the list, from a chat": ["chat", ["listed"]],
  "somebody who was rung, from a chat": ["chat", ["rung"]],
  "somebody else, from a chat": ["chat", []],
  "who is there, from a chat": ["chat", ["answered", "arrived", "there"]],
  "who answered, from a chat": ["chat", ["answered"]],
  "a member of a channel, from a chat": ["chat", ["member"]],
  "who knows the code, from a chat": ["chat", ["code"]],
  "a colleague of another channel": ["linked", ["member"]],
  "a lead, from another channel": ["linked", ["listed", "lead"]],
  "somebody in any conversation": ["elsewhere", []],
  "a lead, in any conversation": ["elsewhere", ["listed", "lead", "rung"]],
  "who knows the code, in any conversation": ["elsewhere", ["code"]],
  "a colleague who was called": ["phone", ["rung"]],
  "a colleague who was called and pressed": ["phone", ["rung", "presser"]],
  "a phone that was not called": ["phone", []],
  "a guard on the phone": ["phone", ["guard"]],
  "a guard": ["page", ["guard"]],
  "a guard who is there": ["page", ["guard", "guard-there"]],
  "a guard of another incident": ["page", []],
} as const satisfies Record<string, readonly [AskedFrom, readonly Role[]]>;

/** All that each may; whoever is left out of a line may not. */
const may: Readonly<Record<keyof typeof askers, string>> = {
  "a member of the channel": "claim decline arrive help 112-called",
  "a guest in the channel": "claim decline arrive help 112-called",
  "who is there, from the channel":
    "claim decline arrive witness help check-in call-off 112-called police-there resolve",
  "who was there, from the channel": "claim decline arrive witness help 112-called police-there resolve",
  "who is there and silent": "claim decline arrive witness help check-in 112-called police-there resolve",
  "a lead, from the channel": "claim decline arrive help 112-called resolve test test-confirm",
  "a lead who pressed": "help 112-called police-there test test-confirm",
  "who pressed, from the channel": "help 112-called police-there oops correct-place",
  "who pressed, from a chat": "help 112-called police-there oops correct-place visit",
  "a lead, from a chat":
    "claim decline arrive help 112-called resolve visit status test test-look test-confirm ring-test ring-look ring-names ring-heard",
  "a colleague of the list, from a chat": "claim decline arrive help 112-called visit status test-look ring-heard",
  "somebody who was rung, from a chat": "claim decline arrive help 112-called visit",
  "somebody else, from a chat": "visit",
  "who is there, from a chat":
    "claim decline arrive witness help check-in call-off 112-called police-there resolve visit",
  "who answered, from a chat": "claim decline arrive help 112-called visit",
  "a member of a channel, from a chat": "visit status",
  "who knows the code, from a chat": "visit test test-look test-confirm ring-test ring-look ring-names",
  "a colleague of another channel": "status test-look test-click ring-look",
  "a lead, from another channel": "status link test test-look test-confirm test-click ring-test ring-look",
  "somebody in any conversation": "",
  "a lead, in any conversation": "link test test-look test-confirm",
  "who knows the code, in any conversation": "link test test-look test-confirm",
  "a colleague who was called": "claim decline",
  "a colleague who was called and pressed": "",
  "a phone that was not called": "",
  "a guard on the phone": "guard-accept guard-decline",
  "a guard": "guard-accept guard-decline guard-arrived guard-help",
  "a guard who is there": "guard-accept guard-decline guard-arrived guard-help guard-safe",
  "a guard of another incident": "",
};

const deeds = Object.keys(rights) as Deed[];

describe("rule 28: who may", () => {
  it.each(Object.entries(askers))("%s", (asker, [from, roles]) => {
    const allowed = deeds.filter((deed) => refusalFrom(deed, from, roles) === null);
    expect(allowed.join(" ")).toBe(may[asker as keyof typeof askers]);
  });

  it("holds for colleagues in every decision: who fell silent calls nobody off, a button is not taken back in Teams", () => {
    const course = new Course().open().to(minute);
    expect(course.do({ kind: "oops", by: presser }).reason).toBe("not-allowed");
    course.do({ kind: "arrive", by: alice });
    course.to(15 * minute);
    expect(course.kinds).toContain("check-missed");
    expect(course.do({ kind: "call-off", by: alice }).reason).toBe("not-there");
    expect(course.do({ kind: "check-in", by: bob }).reason).toBe("not-there");
    expect(course.do({ kind: "check-in", by: alice }).reason).toBe("checked-in");
    expect(course.do({ kind: "call-off", by: alice }).reason).toBe("called-off");
  });

  it("holds for guards in every decision: none of another incident, none after closing", () => {
    const answers = ["accept", "decline", "arrived", "help", "safe"] as const;
    const ask = (course: Course, answer: (typeof answers)[number], pageKey: string, who: string = unnamed.link) =>
      course.do({ kind: "guard", pageKey, answer, outcome: "false", guard: { who, isCertain: false } } as Request)
        .reason;
    const course = new Course().open().to(minute);
    const before = course.incident;
    for (const answer of answers) {
      expect(ask(course, answer, "incident-2-1-1")).toBe("unknown-page");
      // The first step of the policy is no page.
      expect(ask(course, answer, "incident-1-1-0")).toBe("unknown-page");
    }
    expect(ask(course, "safe", "incident-1-1-1")).toBe("not-there");
    // Over the route itself, as with a key on the phone, a guard comes or does not, and can say no more.
    for (const answer of ["arrived", "help", "safe"] as const)
      expect(ask(course, answer, "incident-1-1-1", unnamed.route)).toBe("unknown-page");
    expect(course.incident).toBe(before);
    course.do({ kind: "resolve", by: alice, isLead: true, outcome: "real" });
    const closed = course.incident;
    for (const answer of answers) expect(ask(course, answer, "incident-1-1-1")).toBe("already-closed");
    expect(course.incident).toBe(closed);
  });

  it.each<[Deed, AskedFrom, readonly Role[], string]>([
    ["claim", "chat", [], "elsewhere"],
    // Nothing more is said than that it can't be asked from there, also to who pressed.
    ["claim", "elsewhere", ["presser"], "elsewhere"],
    ["claim", "card", ["presser"], "presser"],
    ["resolve", "card", ["presser", "lead"], "presser"],
    ["resolve", "card", [], "not-there"],
    ["check-in", "card", [], "not-there"],
    ["call-off", "card", ["there", "silent"], "not-there"],
    ["guard-safe", "page", ["guard"], "not-there"],
    ["oops", "chat", ["presser"], "not-allowed"],
    ["link", "linked", ["listed"], "not-allowed"],
  ])("says why: %s from %s by %j is refused as %s", (deed, from, roles, reason) => {
    expect(refusalFrom(deed, from, roles)).toBe(reason);
  });
});
