import type { EventText } from "../../bot/log-events/event-text.ts";
import { type LogLevel, logEvents } from "../../bot/log-events/log-events.ts";

const intros: Readonly<Record<LogLevel, string>> = {
  error: "Something has gone wrong, and needs somebody.",
  warn: "Something is not as it should be, and the bot goes on by itself. When it comes often, it needs somebody.",
  info: "What happens on an ordinary day.",
};

const opening = `# Events in the log

The bot writes one JSON line per event on standard output: \`level\`, \`time\`, \`event\`, and facts with a name. Alert on
\`event\`: a name on this page stays as it is. A line about an incident says its id, its number and its place.
\`npm run log-events\` makes this page of the lists beside it.
`;

const head = `| event | what it means | what to do |
| --- | --- | --- |
`;

/** The page of all events, the level that needs somebody first. */
export function toPage(): string {
  const parts = Object.entries(logEvents).map(([level, events]) => {
    const inOrder = Object.entries<EventText>(events).toSorted(([a], [b]) => (a < b ? -1 : 1));
    const rows = inOrder.map(([event, { means, todo = "" }]) => `| \`${event}\` | ${means} | ${todo} |\n`);
    return `\n## ${level}\n\n${intros[level as LogLevel]}\n\n${head}${rows.join("")}`;
  });
  return opening + parts.join("");
}
