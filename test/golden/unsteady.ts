import type { Received } from "./recorder.ts";

/** What of a story hangs on who is faster, and is therefore recorded with less. */
interface Unsteady {
  /** Of which stories, by file and name. */
  readonly story: RegExp;
  /** Of which messages: the fake and the message as JSON. */
  readonly messages: RegExp;
  /**
   * `moment`: recorded without the moment at which it came. `sender`: and without the bot's own id, which it learns
   * from what it is sent. `once`: without the moment, and equal ones are recorded once. `all`: not recorded.
   */
  readonly without: "moment" | "sender" | "once" | "all";
}

const lookUps = /^teams \{"request":"(GET [^"]*\/members\/|POST [^"]*\/v3\/conversations")/;

/** As short as the stories allow: what stands here is seen by nobody when it changes. */
const unsteady: readonly Unsteady[] = [
  // A real process is told to stop: what it still says to Teams after its answers is a race with its end.
  { story: /^stopping /, messages: /^teams \{"request":"(PUT|[^"]*;messageid=)/, without: "all" },
  // Which call fails by chance hangs on which one comes first; the story itself looks at what came of it.
  { story: /^moody-teams /, messages: /^/, without: "all" },
  // A call that hangs is not waited for, nor is what goes beside it.
  { story: /^teams-down .*the other steps keep their own moments/, messages: /^/, without: "moment" },
  { story: /^pagers-failing .*holds up no other page/, messages: /^/, without: "moment" },
  // Two messages to one person may both look them up, or the second one finds what the first one learned.
  { story: /^teams-down .*no page waits for it/, messages: lookUps, without: "once" },
  // An hour of failing pagers over real connections: which try comes first gives rows their numbers, and those their
  // waits.
  { story: /^pagers-failing .*it goes on for ever/, messages: /^teams /, without: "all" },
  // How a connection fails is noticed in the machine's own time, and the reply that says so may be a step of the clock
  // later.
  { story: /^pagers-failing /, messages: /^teams /, without: "moment" },
  // The clock is pushed a day further while replies wait: they go before or after the restart that ends the story.
  { story: /^closing .*dies a day later/, messages: /^teams /, without: "sender" },
  // More at once than Teams takes in a second, at moments that are the same: which alarm has its turn first, and which
  // are told together and in which order, hangs on ids and on who is faster; the stories themselves look at what came
  // of it.
  { story: /^(many-at-once |tokens .*(sixteen|every card))/, messages: /^teams /, without: "all" },
  // Which of forty or seventy cards has its turn in which second, and what it shows by then.
  {
    story: /^(round-replies of forty alarms|teams-down .*the card tells everything once)/,
    messages: /^teams /,
    without: "all",
  },
  // What security is still told is a race with the end, too.
  { story: /^stopping /, messages: /^desk .*"reason":"update"/, without: "all" },
  // Each run of the property is another one.
  { story: /^((presser|chat-cards) .*over any run|ring-tests .*how fast anybody)/, messages: /^/, without: "all" },
  // A card in a chat of which two alarms tell at once is changed for one of them half a second later, and not at all
  // where it is over by then.
  {
    story: /^(clock-changes .*a claim, a guard's promise|strangers beside a flood)/,
    messages: /^teams \{"request":"PUT [^"]*\/a:personal-/,
    without: "all",
  },
  // Whether the channel has spoken by then, from which the bot learns its own name.
  { story: /^who-may .*tells the channel of before/, messages: /^teams /, without: "sender" },
  // Whoever asks while another one does shares the answer, also that there is none.
  { story: /^tokens .*a secret that ends/, messages: /^client .*\/oauth2\/v2\.0\/token"/, without: "once" },
];

/** What is left of a story's record when all that hangs on speed is taken out. */
export function toSteady(story: string, received: readonly Received[]): readonly Received[] {
  const seen = new Set<string>();
  const rules = unsteady.filter((each) => each.story.test(story));
  if (rules.length === 0) return received;
  return received.flatMap((each) => {
    const text = `${each.fake} ${JSON.stringify(each.message)}`;
    const without = rules.find(({ messages }) => messages.test(text))?.without;
    if (without === undefined) return [each];
    if (without === "all" || (without === "once" && seen.has(text))) return [];
    seen.add(text);
    return [{ ...each, at: null, message: toBare(each.message, without === "sender") }];
  });
}

/** A signature's own moment goes with the moment. */
function toBare(message: unknown, isSenderOpen: boolean): unknown {
  const text = JSON.stringify(message).replace(/("webhook-timestamp":")\d+/, "$1<seconds>");
  return JSON.parse(isSenderOpen ? text.replace(/("from":\{"id":")[^"]+/, "$1<bot>") : text);
}
