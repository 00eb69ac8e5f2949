/** What makes an alarm of a colleague the same one when it comes again (rule 2). */
export type AlarmIdentity =
  /** Typed or clicked; `message` is the identity of that message. */
  | { readonly kind: "chat"; readonly message: string }
  /** A visit that was announced by that message. */
  | { readonly kind: "announced"; readonly message: string }
  /** A visit that nobody ended. */
  | { readonly kind: "visit"; readonly person: string; readonly startedAt: number; readonly endsAt: number };

/** The text of an identity. It stands in databases for a day: it never changes. */
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
