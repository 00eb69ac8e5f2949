// https://docs.oasis-open.org/mqtt/mqtt/v3.1.1/os/mqtt-v3.1.1-os.html#_Toc398718106 (4.7, topic names and topic
// filters)
import { z } from "zod";
import { expects } from "../../../bot/words/settings/expects.ts";

const maxTopicLength = 512;

/** The name of one topic, without wildcards. */
export const TopicName = z
  .string()
  .regex(/^[^+#\0$][^+#\0]*$/, expects("topicName"))
  .max(maxTopicLength);

/** A filter to subscribe to: `+` stands for one level, `#` at the end for all that follow. */
export const TopicFilter = z
  .string()
  .regex(/^(?!\$)(?:(?:\+|[^+#/\0]*)\/)*(?:\+|#|[^+#/\0]+)$/, expects("topicFilter"))
  .max(maxTopicLength);

/** Whether this filter matches `topic`. */
export function isOnFilter(filter: string, topic: string): boolean {
  return isShared(filter.split("/"), topic.split("/"));
}

/** Whether one topic could match both filters; a broker may send its messages once for each. */
export function overlaps(one: string, other: string): boolean {
  return isShared(one.split("/"), other.split("/"));
}

/** What the filter's wildcards stand for in a topic that it matches; `#` stands for all levels that follow. */
export function toWildcards(filter: string, topic: string): string[] {
  const levels = topic.split("/");
  return filter.split("/").flatMap((level, index) => {
    if (level === "#") return [levels.slice(index).join("/")];
    return level === "+" ? [levels[index] ?? ""] : [];
  });
}

/** A topic of this filter with `value` for its last wildcard; others become `ring`. */
export function toTopicName(filter: string, value: string): string {
  const levels = filter.split("/");
  const last = levels.findLastIndex((level) => level === "+" || level === "#");
  return levels.map((level, index) => (index === last ? value : level === "+" ? "ring" : level)).join("/");
}

/** Whether some topic matches both. `#` also stands for the level above it: `house/#` matches `house` too. */
function isShared([head, ...rest]: readonly string[], [otherHead, ...otherRest]: readonly string[]): boolean {
  if (head === "#" || otherHead === "#") return true;
  if (head === undefined || otherHead === undefined) return head === otherHead;
  if (head !== otherHead && head !== "+" && otherHead !== "+") return false;
  return isShared(rest, otherRest);
}
