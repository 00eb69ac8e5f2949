import { parseJson } from "../../kit/message.ts";

/** What is read of a payload, as of the body of a proven sender over HTTP. */
export const maxPayloadBytes = 4 * 1024 * 1024;

/** One message as MQTT brings it. */
export interface Publish {
  readonly topic: string;
  readonly payload: Buffer;
  /** Whether the broker had kept it since before we subscribed, so that nobody knows when it was sent. */
  readonly retain: boolean;
  /** When it came, epoch milliseconds by our clock. */
  readonly at: number;
  /** Identity of this delivery. */
  readonly id: string;
}

/** The content of a payload: its JSON, else its text. */
export function toContent(payload: Buffer): unknown {
  return parseJson(payload) ?? payload.toString("utf8");
}

/** A button's id as an alarm may carry it. */
export function toButtonId(id: string): string {
  return id.trim().slice(0, 128);
}
