/** Everything made by chance that has the same meaning wherever it stands: each gets a name of its own. */
export const kinds: Readonly<Record<string, RegExp>> = {
  // Ids of the colleagues, the tenant and the bot are made up of one digit, and stay.
  id: /\b(?!(\d)\1{7}-)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g,
  // Of a message in Teams: concurrent posts may take them in either order.
  message: /\b1795476602\d{3}\b/g,
  // Of a test of the routes, in a page's key, and of whether people hear that they are rung, on a card.
  test: /(?<=test\.[a-z0-9-]{1,40}\.|"test":")[0-9a-f]{16}\b/g,
  // Of a report of troubles: the number of its row in the outbox, which stands for more than that elsewhere.
  report: /\btrouble-report:[a-z-]{1,40}:\d{4}-\d\d-\d\d:\d+\b/g,
  // What a page's key is for providers that take 32 characters.
  key: /\b[0-9a-f]{32}\b/g,
  // Of a guard's page: what tells guards apart who share a link.
  guard: /(?<=name=\\+"me\\+" value=\\+")[\w-]{11}(?=\\+")/g,
  // Of a SIA DC-09 frame: the first one is drawn by lot.
  sequence: /\bsequence-\d{4}\b/g,
};

/** Everything made by chance that means nothing more than that it is there. */
const masks: readonly (readonly [RegExp, string])[] = [
  // The address that the configuration says, port 1, stays.
  [/(?<=127\.0\.0\.1:)\d{2,5}\b/g, "<port>"],
  // A signed token of Teams or its login server, by a key of that run.
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]+/g, "<jwt>"],
  // A frame that is enciphered, and can't be read by who has another key.
  [/(?<="damaged":")(?:[^"\\]|\\.)*/g, "<frame>"],
  // How long the disk took, as the doctor is told.
  [/(?<="syncMs":)\d+/g, "0"],
  // Behind a guard's link: 32 bytes.
  [/(?<=\.)[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])/g, "<token>"],
];

/** What the machine's own clock says, in a story that runs on it. */
export const times: readonly (readonly [RegExp, string])[] = [
  [/\b20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, "<moment>"],
  [/\b\d\d-\d\d-20\d\d\b/g, "<day>"],
  [/\b\d\d:\d\d(:\d\d)?\b/g, "<time>"],
  [/(?<="webhook-timestamp":")\d+/g, "<seconds>"],
  // How many entries the history had by then.
  [/(?<=:update:)\d+/g, "<count>"],
];

/** What was asked, without what is made by chance: by it those who ask at once are put in an order. */
export function toOrder(asked: string): string {
  const shapes = Object.entries(kinds).filter(([kind]) => kind !== "message");
  return shapes.reduce((known, [kind, shape]) => known.replace(shape, `<${kind}>`), mask(asked, []));
}

/** Puts names in the place of what means nothing more than that it is there; of `more` too. */
export function mask(text: string, more: typeof masks): string {
  return [...masks, ...more].reduce((masked, [shape, name]) => masked.replace(shape, name), text);
}
