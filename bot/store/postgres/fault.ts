import { DatabaseError } from "pg";

/** What PostgreSQL or the way to it has refused. */
export class PostgresFault extends Error {
  override readonly name = "PostgresFault";
  /** An SQLSTATE (postgresql.org/docs/current/errcodes-appendix.html), or the system's or the driver's own. */
  readonly code: string;
  /** Whether the connection is of no use any more. */
  readonly isBroken: boolean;

  constructor(code: string, said: string, isBroken: boolean, options?: ErrorOptions) {
    super(`PostgreSQL: ${said} (${code})`, options);
    this.code = code;
    this.isBroken = isBroken;
  }

  /** Whether the server does not let us in: because of the name, the password, or what they may do. */
  get isShut(): boolean {
    return shut.test(this.code);
  }

  /** Whether the server takes nothing now, whatever it is asked, or nothing from us. */
  get isRefusal(): boolean {
    return this.isBroken || this.isShut || refusing.test(this.code);
  }
}

/** These classes tell of the server and not of what was written, which may be personal. */
const harmless = /^(08|25|28|3D|40|53|54|55|57|58|XX)/;
const shut = /^(28|3D000|42501)/;
/** Its resources, locks of others, who operates it, its system, and its own faults. */
const refusing = /^(53|55|57|58|XX)/;
/** A server that became read-only is left for one that takes writes; the others end the connection themselves. */
const breaking = /^(08|25006|57P)/;

/** What the driver says without a code, by its sentence. */
const ofDriver: ReadonlyMap<string, readonly [code: string, said: string]> = new Map([
  ["The server does not support SSL connections", ["NO_TLS", "the server has no TLS"]],
  ["There was an error establishing an SSL connection", ["NO_TLS", "the server did not answer whether it has TLS"]],
]);

/** What it answered is against its own protocol, so that nothing behind it can be read. */
export function toBreach(cause?: unknown): PostgresFault {
  const options = cause === undefined ? {} : { cause };
  return new PostgresFault("08P01", "it does not answer as PostgreSQL does", true, options);
}

/** Makes one of whatever the driver has thrown, without what was written and without the url. */
export function toFault(error: unknown): PostgresFault {
  if (error instanceof PostgresFault) return error;
  if (error instanceof DatabaseError) {
    const { code, severity } = error;
    // The driver's own, for a message that it does not know.
    if (code === undefined) return toBreach();
    const said = harmless.test(code) ? error.message : "it refused what was to be written or read";
    return new PostgresFault(code, said, breaking.test(code) || severity === "FATAL" || severity === "PANIC");
  }
  const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
  const known = error instanceof Error ? ofDriver.get(error.message) : undefined;
  return new PostgresFault(...(known ?? ([code, "the connection failed"] as const)), true);
}
