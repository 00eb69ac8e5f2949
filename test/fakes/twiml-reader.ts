/** One element of a TwiML document, as Twilio would read it. */
export interface TwimlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly TwimlElement[];
  /** Its own text, with what of it is spoken in another way, and none of its other children's. */
  readonly text: string;
}

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/**
 * Reads well-formed XML without comments, CDATA or a DTD. Throws for anything else, as Twilio drops the call (12100).
 */
export function readTwiml(document: string): TwimlElement {
  const declaration = '<?xml version="1.0" encoding="UTF-8"?>';
  if (!document.startsWith(declaration)) throw new Error("no XML declaration");
  const bad = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u.exec(document);
  if (bad) throw new Error(`U+${bad[0].codePointAt(0)?.toString(16)} is no character of XML`);
  let rest = document.slice(declaration.length);

  function take(pattern: RegExp): RegExpExecArray | null {
    const match = pattern.exec(rest);
    if (match?.index !== 0) return null;
    rest = rest.slice(match[0].length);
    return match;
  }

  function element(): TwimlElement {
    const name = take(/<([A-Za-z]+)/)?.[1];
    if (name === undefined) throw new Error(`no element at ${rest.slice(0, 40)}`);
    const attributes: Record<string, string> = {};
    for (let match = take(/\s+([A-Za-z]+)="([^"<]*)"/); match; match = take(/\s+([A-Za-z]+)="([^"<]*)"/)) {
      const [, key = "", value = ""] = match;
      if (key in attributes) throw new Error(`${name} has ${key} twice`);
      attributes[key] = unescapeXml(value);
    }
    if (take(/\s*\/>/)) return { name, attributes, children: [], text: "" };
    if (!take(/\s*>/)) throw new Error(`${name} is not closed at ${rest.slice(0, 40)}`);
    const children: TwimlElement[] = [];
    let text = "";
    while (!take(new RegExp(`</${name}\\s*>`))) {
      const characters = take(/[^<]+/);
      if (characters) text += unescapeXml(characters[0]);
      else {
        const child = element();
        if (child.name === "prosody") text += toSlow(name, child);
        else children.push(child);
      }
    }
    return { name, attributes, children, text };
  }

  const root = element();
  if (rest !== "") throw new Error(`something follows the document: ${rest.slice(0, 40)}`);
  if (root.name !== "Response") throw new Error("the root is not Response");
  return root;
}

/** Twilio takes SSML inside of Say, and Polly's standard voices this of it; nothing stands within. */
function toSlow(parent: string, { attributes, children, text }: TwimlElement): string {
  if (parent !== "Say" || children.length > 0) throw new Error("prosody stands where it can't");
  if (JSON.stringify(attributes) !== '{"rate":"slow"}') throw new Error("another prosody than a slow one");
  return text;
}

function unescapeXml(text: string): string {
  return text.replace(/&([a-z]*;)?/g, (_, name: string | undefined) => {
    const character = entities[name?.slice(0, -1) ?? ""];
    if (character === undefined) throw new Error("an ampersand that is no entity");
    return character;
  });
}

/** All that is said, in order, whoever says it. */
export function toSaid({ name, text, children }: TwimlElement): string[] {
  return name === "Say" ? [text] : children.flatMap(toSaid);
}

/** Where a key goes, for every time one is asked for, in order. */
export function toActions({ name, attributes, children }: TwimlElement): string[] {
  return name === "Gather" ? [attributes.action ?? ""] : children.flatMap(toActions);
}
