import type { Person } from "../../domain/person.ts";
import { safeFor, toLine } from "../../kit/safe-text.ts";

/** Text from outside for a message, on one line. */
export function toMessageText(text: string, maxLength: number): string {
  return safeFor.message(toLine(text, maxLength));
}

/**
 * People as a message mentions them: each once, and no two with the same name, because Teams finds a mention by its
 * text alone. The names lose what could end an `<at>`, or mean something in a message or on a card; the entity's text
 * has to be `<at>${name}</at>` with this name.
 * https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/channel-and-group-conversations
 */
export function toMentions(people: readonly Person[], nameless: string): readonly Person[] {
  const taken = new Set<string>();
  const seen = new Set<string>();
  const mentions: Person[] = [];
  for (const { id, name } of people) {
    if (seen.has(id)) continue;
    seen.add(id);
    const mention = toFreeName(toLine(name.replace(/[&<>*_~`[\]\\|#{}]/gu, " "), 60) || nameless, taken);
    taken.add(mention);
    mentions.push({ id, name: mention });
  }
  return mentions;
}

function toFreeName(name: string, taken: ReadonlySet<string>): string {
  for (let number = 2, free = name; ; number++) {
    if (!taken.has(free)) return free;
    free = `${name} (${number})`;
  }
}

/** The text of one mention, the same in the message and in its entity. `person` as it came out of `toMentions`. */
export function toMentionText({ name }: Pick<Person, "name">): string {
  return `<at>${name}</at>`;
}
