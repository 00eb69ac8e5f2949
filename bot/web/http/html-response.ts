import { createHash } from "node:crypto";
import type { Response } from "express";
import helmet from "helmet";
import type { Language } from "../../domain/language.ts";
import { type Html, html } from "./html.ts";

/**
 * Black on white or white on black, at least 7 to 1; a button is 56 px high, for a thumb that trembles. Blocks stand
 * under each other and nothing newer is needed: a phone may leave out whatever it does not know.
 */
const style = `
:root{color-scheme:light dark}
*{box-sizing:border-box}
header,main,section{display:block}
body{margin:0 auto;max-width:34rem;padding:0 1rem 2rem;font:1.125rem/1.4 system-ui,sans-serif;color:#111;background:#fff;word-wrap:break-word}
header{margin:0 -1rem;padding:.6rem 1rem;background:#8a0f0f;color:#fff;font-weight:700}
header.calm{background:#1d4a2a}
header.test{background:#4b2a7b;font-size:1.5rem}
h1{margin:1rem 0 .25rem;font-size:2.25rem;line-height:1.15;overflow-wrap:anywhere}
h2{margin:1.5rem 0 .25rem;font-size:1.25rem}
h3{margin:1rem 0 .25rem;font-size:1.125rem}
section+section{margin-top:2.5rem;border-top:3px solid}
p{margin:.25rem 0 .5rem}
.directions{font-size:1.25rem}
.said{font-size:1.5rem;font-weight:700}
.stand{margin:1rem 0;padding:.75rem 1rem 1rem;border:3px solid #111;border-radius:.5rem}
.stand h1,.stand h2{margin-top:0;font-size:1.5rem}
button{display:block;width:100%;min-height:3.5rem;margin-top:.75rem;padding:.5rem 1rem;border:2px solid #111;border-radius:.5rem;font:inherit;font-weight:700;text-align:center;background:#fff;color:#111;cursor:pointer}
.first{background:#0b3d91;border-color:#0b3d91;color:#fff}
.help{background:#8a0f0f;border-color:#8a0f0f;color:#fff}
:focus-visible{outline:4px solid #b35900;outline-offset:3px}
a{color:#0b3d91;display:inline-block;padding:.6rem 0}
dl{margin:1rem 0}
dt{float:left;clear:left;margin-right:.4em;color:#444}
dt:after{content:":"}
dd{margin:0 0 .35rem;font-weight:600}
ol{margin:.25rem 0;padding:0;list-style:none}
li{padding:.2rem 0}
time{white-space:nowrap;font-variant-numeric:tabular-nums}
li time{margin-right:.4em}
.note,.news{padding:.5rem .75rem;border-left:6px solid #8a0f0f;background:#fbeeee;font-weight:600}
.news{margin:.75rem 0 0;font-size:1.25rem}
.news small{display:block;font-weight:400}
@media (max-width:15em){
body{padding:0 .5rem 1rem;-webkit-hyphens:auto;hyphens:auto}
header{margin:0 -.5rem;padding:.4rem .5rem}
h1{font-size:1.75rem}
.stand{padding:.5rem}
button{padding:.5rem .25rem}
dt{float:none}
}
@media (prefers-color-scheme:dark){
body{color:#f2f2f2;background:#111}
.stand{border-color:#f2f2f2}
button{border-color:#f2f2f2;background:#111;color:#f2f2f2}
.first{border-color:#a9c7ff;background:#a9c7ff;color:#0a1a38}
.help{border-color:#ff9c9c;background:#ff9c9c;color:#3a0505}
:focus-visible{outline-color:#ffb35c}
a{color:#a9c7ff}
dt{color:#c8c8c8}
.note,.news{border-color:#ff9c9c;background:#3a1515}
}
@media (forced-colors:active){
header{border-bottom:3px solid}
.first{border-width:5px}
}
`;

const styleHash = createHash("sha256").update(style).digest("base64");

/** Headers of every page: no script, nothing from elsewhere, no trace of the link in another site's log. */
export const htmlHeaders = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      styleSrc: [`'sha256-${styleHash}'`],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
      baseUri: ["'none'"],
    },
  },
  referrerPolicy: { policy: "no-referrer" },
});

/**
 * Answers with a whole page. The address is a secret, so no cache may store the page and no search engine may list it.
 */
export function sendHtml(
  response: Response,
  status: number,
  language: Language,
  page: { readonly title: string; readonly body: Html },
): void {
  const { markup } = html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="format-detection" content="telephone=no">
<meta name="robots" content="noindex, nofollow">
<title>${page.title}</title>
<style>${{ markup: style }}</style>
</head>
<body>
${page.body}
</body>
</html>
`;
  response
    .status(status)
    .set({
      "cache-control": "no-store",
      "content-language": language,
      "x-robots-tag": "noindex, nofollow",
      vary: "accept-language",
    })
    .type("html")
    .send(markup);
}
