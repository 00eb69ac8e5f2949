import { type AddressInfo, createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { postJson } from "../../../../adapters/kit/network/http.ts";
import { toTlsFailure } from "../../../../adapters/kit/network/tls-failure.ts";
import { smtp } from "../../../../adapters/pagers/smtp.ts";
import { page, pagedAt } from "../../../contracts/pager-contract.ts";
import { createPagerHost } from "../../../fakes/pager-host.ts";

const signal = new AbortController().signal;

it.each([
  ["DEPTH_ZERO_SELF_SIGNED_CERT", "untrusted"],
  ["SELF_SIGNED_CERT_IN_CHAIN", "untrusted"],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "untrusted"],
  ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "untrusted"],
  ["CERT_HAS_EXPIRED", "untrusted"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "untrusted"],
  ["ERR_TLS_HANDSHAKE_TIMEOUT", "untrusted"],
  ["ERR_SSL_WRONG_VERSION_NUMBER", "untrusted"],
  ["ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE", "untrusted"],
  ["EPROTO", "untrusted"],
  ["ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR", "server-trouble"],
  ["ERR_SSL_INTERNAL_ERROR", "server-trouble"],
  ["ECONNRESET", null],
  ["ECONNREFUSED", null],
  ["ENOTFOUND", null],
  ["ABORT_ERR", null],
  ["EPROTONOSUPPORT", null],
  ["UNKNOWN", null],
])("takes %s for %s", (code, failure) => {
  expect(toTlsFailure(code)).toBe(failure);
});

/** A server that says `answer` to the first bytes of whoever wants to speak TLS with it. */
async function startServer(answer: Buffer) {
  const server = createServer((socket) => {
    socket.on("error", () => {}).once("data", () => socket.end(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { port, [Symbol.asyncDispose]: () => new Promise<void>((resolve) => void server.close(() => resolve())) };
}

/** An alert in the place of a handshake (RFC 8446, 6). */
function toAlert(description: number): Buffer {
  return Buffer.from([21, 3, 3, 0, 2, 2, description]);
}

describe("what a page comes to, by https and by mail, where the server answers", () => {
  it.each([
    ["in plain text", Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n"), "misconfigured", "misconfigured"],
    ["handshake_failure", toAlert(40), "misconfigured", "misconfigured"],
    ["protocol_version", toAlert(70), "misconfigured", "misconfigured"],
    ["unrecognized_name", toAlert(112), "misconfigured", "misconfigured"],
    ["internal_error", toAlert(80), "misconfigured", "unreachable"],
  ])("%s", async (_what, answer, byHttps, byMail) => {
    await using server = await startServer(answer);
    const { port } = server;
    const post = { url: `https://127.0.0.1:${port}/`, headers: {}, body: "{}", now: pagedAt, signal };
    await expect(postJson(post)).rejects.toMatchObject({ reason: byHttps });
    const addresses = { from: "alarm@gemeente.example.nl", to: "meldkamer@beveiliging.example.nl" };
    const settings = smtp.Options.parse({ host: "127.0.0.1", port, ...addresses });
    await using mail = smtp.open(settings, createPagerHost());
    await expect(mail.page(page, signal)).rejects.toMatchObject({ reason: byMail });
  });
});
