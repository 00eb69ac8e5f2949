import type { MessageBody } from "../fakes/teams.ts";

/** What people and providers were given before the version changed, and come back with afterwards. */
export type Hand =
  /** When the database was taken, ISO 8601. */
  | { readonly kind: "taken"; readonly at: string }
  /** A message as its source sent it, by the name of the story it begins. */
  | {
      readonly kind: "alarm";
      readonly name: string;
      readonly source: string;
      readonly body: string;
      readonly incident: string | null;
    }
  /** A card in a channel as it was shown last. */
  | {
      readonly kind: "card";
      readonly id: string;
      readonly conversation: string;
      readonly root: string | null;
      readonly body: MessageBody;
    }
  /** A 1:1 message; `to`: a Teams id. */
  | { readonly kind: "chat"; readonly to: string; readonly body: MessageBody }
  | {
      readonly kind: "page";
      readonly pager: string;
      readonly key: string;
      readonly page: string;
      readonly reason: string;
      readonly incident: string;
      readonly acceptUrl: string | null;
    }
  /** What the provider was told about a phone call. */
  | { readonly kind: "call"; readonly form: Readonly<Record<string, string>> }
  /** What the alarm centre received. */
  | { readonly kind: "frame"; readonly sequence: string; readonly data: string };
