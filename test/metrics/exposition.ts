/** One value of a figure, as it stands in an answer of `/metrics`. */
export interface ShownSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Exposition {
  /** By the figure's name: gauge or counter. */
  readonly types: Readonly<Record<string, string>>;
  readonly help: Readonly<Record<string, string>>;
  readonly samples: readonly ShownSample[];
}

/** Reads the text format of Prometheus; throws on a line that is none of it. */
export function parseExposition(text: string): Exposition {
  const types: Record<string, string> = {};
  const help: Record<string, string> = {};
  const samples: ShownSample[] = [];
  for (const line of text.split("\n").filter((each) => each !== "")) {
    const [, about = "", name = "", rest = ""] = /^# (HELP|TYPE) (\w+) (.*)$/.exec(line) ?? [];
    if (about === "TYPE") types[name] = rest;
    else if (about === "HELP") help[name] = rest;
    else samples.push(parseSample(line));
  }
  return { types, help, samples };
}

function parseSample(line: string): ShownSample {
  const [whole, name = "", labels = "", value = ""] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
  if (whole === undefined) throw new Error(`no line of the text format: ${line}`);
  const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, label = "", text = ""]) => [label, text]);
  return { name, labels: Object.fromEntries(pairs), value: Number(value) };
}
