/** By this a colleague's alarm is recognised when it comes again (rule 2). */
export type AlarmIdentity =
  /** An alarm that was typed or clicked; `message` is the identity of that message. */
  | { readonly kind: "chat"; readonly message: string }
  /** The announcement of a visit; `message` as above. */
  | { readonly kind: "announced"; readonly message: string }
  /** The press that a visit becomes when nobody ends it. */
  | { readonly kind: "visit"; readonly person: string; readonly startedAt: number; readonly endsAt: number };

/** The text of an identity. Its form never changes, because it stands in databases for a day. */
export function formatIdentity(identity: AlarmIdentity): string {
  switch (identity.kind) {
    case "chat":
      return `chat:${identity.message}`;
    case "announced":
      return `visit:${identity.message}`;
    case "visit":
      return `visit:${identity.person}:${identity.startedAt}:${identity.endsAt}`;
  }
}
