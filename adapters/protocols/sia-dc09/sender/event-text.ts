import type { Page, PageSite } from "../../../../bot/contracts.ts";
import { cutText } from "../../../../bot/kit/safe-text.ts";
import { maxTextLength, toPlainText } from "./event-frame.ts";

/** Where a location has an address, room is kept for it, and for whom to call back. */
const maxPlaceLength = 110;
const maxAddressLength = 110;
/** Of the place, where it also has to be said that it may be over. */
const maxPlaceLengthWithCopy = 80;

type Where = Pick<Page["incident"], "place" | "directions">;

/**
 * What stands in the text of an event; "" when nothing is left. What comes first is never cut for what follows: the
 * place with its location, that it may be over, the address, whom to call back; then what of the rest fits whole.
 * `noCallBack`: says that nobody can be called back.
 */
export function toEventText(
  { place, directions }: Where,
  site: PageSite | undefined,
  isTest: boolean,
  noCallBack: string,
  copy: string | null = null,
): string {
  if (site === undefined) {
    const text = [place, copy, directions].filter((part) => part !== null).join(", ");
    return toPlainText(isTest && !text.startsWith("TEST") ? `TEST ${text}` : text);
  }
  const { organisation, location, address, entrance, callBack } = site;
  const first = [
    cutText(
      toPlainText([place, location].filter((part) => part !== null).join(", ")),
      copy === null ? maxPlaceLength : maxPlaceLengthWithCopy,
    ),
    toPlainText(copy ?? ""),
    address === null ? "" : cutText(toPlainText(address), maxAddressLength),
    toCallBack(callBack, noCallBack),
  ];
  const rest = [directions, entrance, organisation].map((part) => toPlainText(part ?? ""));
  return [...first, ...rest].filter((part) => part !== "").reduce(addWhole, isTest ? "TEST" : "");
}

function toCallBack(callBack: PageSite["callBack"], noCallBack: string): string {
  if (callBack === null) return "";
  return callBack.kind === "number" ? callBack.number : toPlainText(noCallBack.replace(/\.$/, ""));
}

function addWhole(text: string, part: string): string {
  const longer = text === "" ? part : `${text}, ${part}`;
  return longer.length <= maxTextLength ? longer : text;
}
