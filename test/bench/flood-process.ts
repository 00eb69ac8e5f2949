/** Floods by that name until it is killed: in a process of its own, so that it costs the presses beside it nothing. */
import { floods } from "./floods.ts";

const [name = "", http = "", panels = ""] = process.argv.slice(2);
floods[name]?.({ http: Number(http), panels: Number(panels) }, new AbortController().signal);
process.stdout.write(`${JSON.stringify({ event: "listening", port: 0 })}\n`);
