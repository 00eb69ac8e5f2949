/**
 * Why a connection in TLS failed. `untrusted`: the certificate is not to be trusted, or nobody speaks TLS there, which
 * only a change of the settings can solve. `server-trouble`: the server itself says that something went wrong in it.
 */
export type TlsFailure = "untrusted" | "server-trouble";

/** Codes about a certificate, as OpenSSL's verification and Node's own checks name them. */
const ofCertificate = /CERT|SIGNATURE/;
/** Codes about the protocol. EPROTO is the only code of `node:https` for any alert of the other side. */
const ofProtocol = /^ERR_TLS|^ERR_SSL|^EPROTO$/;
/** Codes of the alert internal_error (RFC 8446, 6.2). */
const ofServer = /^ERR_SSL.*_INTERNAL_ERROR$/;

/** What the code of one of Node's errors says of TLS; null when the error is about something else. */
export function toTlsFailure(code: string): TlsFailure | null {
  if (ofCertificate.test(code)) return "untrusted";
  if (ofServer.test(code)) return "server-trouble";
  return ofProtocol.test(code) ? "untrusted" : null;
}
