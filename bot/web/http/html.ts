import { safeFor } from "../../kit/safe-text.ts";

/** Markup that may stand on a page as it is. */
export interface Html {
  readonly markup: string;
}

/** A template for markup: text is escaped, markup is not, a list is joined, null leaves nothing. */
export function html(
  parts: TemplateStringsArray,
  ...values: (Html | readonly Html[] | string | number | null)[]
): Html {
  const markup = parts.map((part, index) => part + toMarkup(values[index] ?? null));
  return { markup: markup.join("") };
}

function toMarkup(value: Html | readonly Html[] | string | number | null): string {
  if (value === null) return "";
  if (typeof value === "string") return safeFor.html(value);
  if (typeof value === "number") return String(value);
  return "markup" in value ? value.markup : value.map((item) => item.markup).join("");
}
