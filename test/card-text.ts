/** Every string a person reads on a card, in order. */
export function textsOf(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(textsOf);
  if (typeof node !== "object" || node === null) return [];
  const { text, title, value, inlines, body, items, columns, facts } = node as Record<string, unknown>;
  const runs = Array.isArray(inlines) ? [inlines.map((run) => textsOf(run).join("")).join("")] : [];
  const own = [text, title, value].filter((each): each is string => typeof each === "string");
  return [...own, ...runs, ...[body, items, columns, facts].flatMap(textsOf)];
}

/** Everything that can be clicked on a card, what is behind another button too. */
export function actionsOf(node: unknown): Record<string, unknown>[] {
  if (Array.isArray(node)) return node.flatMap(actionsOf);
  if (typeof node !== "object" || node === null) return [];
  const { actions, card, body } = node as Record<string, unknown>;
  const own = Array.isArray(actions) ? (actions as Record<string, unknown>[]) : [];
  return [...actionsOf(body), ...own, ...own.flatMap((action) => actionsOf(action.card)), ...actionsOf(card)];
}

/** Whom a card mentions, by the ids that Teams is given. */
export function mentionedOn(content: unknown): string[] {
  const { msteams } = content as { msteams?: { entities?: { text: string; mentioned: { id: string } }[] } };
  return (msteams?.entities ?? []).map(({ mentioned }) => mentioned.id);
}

/** A button as a card has it. */
interface Button {
  readonly title: string;
  readonly verb: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** The buttons in and under a card, in order. */
export function buttonsOf(content: unknown): readonly Button[] {
  const { actions = [], body = [] } = (content ?? {}) as { actions?: Button[]; body?: { type: string }[] };
  const inside = body.filter(({ type }) => type === "ActionSet") as { actions?: Button[] }[];
  return [...inside.flatMap((set) => set.actions ?? []), ...actions];
}

export function titlesOf(content: unknown): string[] {
  return buttonsOf(content).map(({ title }) => title);
}

/** The incident that its buttons name; a closed card has none. */
export function incidentOf(content: unknown): string | undefined {
  return actionsOf(content)
    .map((action) => (action.data as { incident?: string } | undefined)?.incident)
    .find((id) => id !== undefined);
}
