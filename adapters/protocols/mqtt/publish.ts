import { parseJson } from "../../kit/message.ts";

/** One message as MQTT brings it. */
export interface Publish {
  readonly topic: string;
  readonly payload: Buffer;
  /** It stood at the broker from before we subscribed: nobody can say when it was sent. */
  readonly retain: boolean;
  /** When it came, epoch milliseconds by our clock. */
  readonly at: number;
  /** Identity of this delivery. */
  readonly id: string;
}

/** What a payload says: its JSON, else its text. */
export function toContent(payload: Buffer): unknown {
  return parseJson(payload) ?? payload.toString("utf8");
}

/** A button's id as an alarm may carry it. */
export function toButton(id: string): string {
  return id.trim().slice(0, 128);
}
