/** What a query asks for by name: the figure, and by which value of which label. */
export interface Selector {
  readonly metric: string;
  readonly matchers: readonly { readonly label: string; readonly operator: string; readonly value: string }[];
}

/** What stands in a query of PromQL by a name of ours. Whether it is one is for promtool to say, in `test/debian`. */
export interface QueryNames {
  readonly selectors: readonly Selector[];
  /** By which it groups or joins. */
  readonly labels: readonly string[];
}

const words = new Set(["by", "without", "on", "ignoring", "group_left", "group_right", "bool", "offset"]);
const operators = new Set(["and", "or", "unless"]);
const grouping = /\b(?:by|without|on|ignoring|group_left|group_right)\s*\(([^)]*)\)/g;
/** A name that no digit stands before, as one does in a duration, and what stands behind it. */
const naming = /(?<![\w:."])([a-z_][\w:]*)\s*(\{(?:[^}"]|"[^"]*")*\}|\()?/gi;

/** Finds the names in a query. */
export function findNames(query: string): QueryNames {
  const labels = [...query.matchAll(grouping)].flatMap(([, list = ""]) => list.match(/\w+/g) ?? []);
  const selectors = [...query.replaceAll(grouping, " ").matchAll(naming)].flatMap(([, metric = "", behind = ""]) => {
    const isName = behind !== "(" && !words.has(metric) && !operators.has(metric);
    return isName ? [{ metric, matchers: parseMatchers(behind) }] : [];
  });
  return { selectors, labels };
}

function parseMatchers(text: string): Selector["matchers"] {
  const found = [...text.matchAll(/(\w+)\s*(=~|!~|!=|=)\s*"([^"]*)"/g)];
  return found.map(([, label = "", operator = "", value = ""]) => ({ label, operator, value }));
}
