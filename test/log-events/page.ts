import { z } from "zod";
import { AuditLine, auditEvents } from "../../bot/log-events/audit.ts";
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

const audit = `
## Audit

A line that has \`audit\` says who did something that others have to account for: \`audit.by\` is who, as far as the bot
knows it (a person's id in Entra, a token by the setting that holds it, the machine, or a stranger; never a name or an
address), \`event\` is what, \`audit.on\` what it was done to, \`time\` when, and \`audit.result\` how it ended: \`done\`,
\`refused\` or \`failed\`. [\`audit.schema.json\`](audit.schema.json) is the schema of such a line. What is refused at a door
has one line a minute for each address and cause, with how many \`more\` it stands for; another warning or error that
comes again within a minute is counted in \`lines-left-out\`. They stand in the log with all others, so that there is one
place to keep, and are sifted by that field:

\`\`\`sh
journalctl -u rugdekking -o cat | jq -c 'select(.audit)'
\`\`\`

A start may bring another configuration, and the bot does not know who started it: \`listening\` says when that was.

The events that have it:

${auditEvents.map((event) => `- \`${event}\``).join("\n")}
`;

/** The page of all events, the level that needs somebody first. */
export function toPage(): string {
  const parts = Object.entries(logEvents).map(([level, events]) => {
    const inOrder = Object.entries<EventText>(events).toSorted(([a], [b]) => (a < b ? -1 : 1));
    const rows = inOrder.map(([event, { means, todo = "" }]) => `| \`${event}\` | ${means} | ${todo} |\n`);
    return `\n## ${level}\n\n${intros[level as LogLevel]}\n\n${head}${rows.join("")}`;
  });
  return opening + audit + parts.join("");
}

/** The schema of a line that says who did what. */
export function toAuditSchema(): string {
  return `${JSON.stringify(z.toJSONSchema(AuditLine), null, 2)}\n`;
}
