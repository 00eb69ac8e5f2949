/**
 * Why a connection in TLS failed. `untrusted`: the certificate is not to be trusted, or nobody speaks TLS there, which
 * only a change of the settings can mend. `server-trouble`: the server itself says that something went wrong in it.
 */
export type TlsFailure = "untrusted" | "server-trouble";

/** Of a certificate, by the names of OpenSSL's verification and of Node's own checks. */
const ofCertificate = /CERT|SIGNATURE/;
/** EPROTO is all that `node:https` says of any alert of the other side. */
const ofProtocol = /^ERR_TLS|^ERR_SSL|^EPROTO$/;
/** The alert internal_error (RFC 8446, 6.2). */
const ofServer = /^ERR_SSL.*_INTERNAL_ERROR$/;

/** What the code of one of Node's errors says of TLS; null when the error is about something else. */
export function toTlsFailure(code: string): TlsFailure | null {
  if (ofCertificate.test(code)) return "untrusted";
  if (ofServer.test(code)) return "server-trouble";
  return ofProtocol.test(code) ? "untrusted" : null;
}
