import { createRequire } from "node:module";
import type { Page } from "playwright-core";
import { startBrowser } from "../../playground/browser.ts";

const script = createRequire(import.meta.url).resolve("adaptivecards/dist/adaptivecards.min.js");
const look = (width: number) => `
  body { margin: 0; width: ${width}px; font: 14px "Segoe UI", "Liberation Sans", sans-serif; background: #f5f5f5 }
  #card { background: #fff; border-radius: 6px; overflow: hidden }
  button { font: 600 14px "Segoe UI", "Liberation Sans", sans-serif; padding: 8px 12px; border: 1px solid #bbb; border-radius: 4px; background: #fff }`;
/** As on a phone: a row of buttons is one line, which moves sideways. */
const hostConfig = {
  fontFamily: "inherit",
  actions: { maxActions: 6, buttonSpacing: 8, actionsOrientation: "Horizontal", actionAlignment: "Left" },
  containerStyles: {
    attention: { backgroundColor: "#fcf4f6" },
    good: { backgroundColor: "#e7f2da" },
    warning: { backgroundColor: "#fbf6d9" },
    emphasis: { backgroundColor: "#f0f0f0" },
  },
};

/** A page as wide as a phone, in CSS pixels, on which Microsoft's own script draws one card at a time. */
export interface Drawing extends AsyncDisposable {
  readonly page: Page;
  draw(card: unknown): Promise<void>;
}

export async function openDrawing(width: number): Promise<Drawing> {
  const started = await startBrowser();
  const page = await started.browser.newPage({ viewport: { width, height: 900 }, deviceScaleFactor: 2 });
  await page.setContent(`<style>${look(width)}</style><div id="card"></div>`);
  await page.addScriptTag({ path: script });
  return {
    page,
    async draw(card) {
      await page.evaluate(`(() => { const card = new AdaptiveCards.AdaptiveCard();
        card.hostConfig = new AdaptiveCards.HostConfig(${JSON.stringify(hostConfig)});
        card.parse(${JSON.stringify(card)}); document.getElementById("card").replaceChildren(card.render()); })()`);
    },
    [Symbol.asyncDispose]: () => started[Symbol.asyncDispose](),
  };
}
