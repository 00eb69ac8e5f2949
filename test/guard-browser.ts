/** The page behind a guard's link, as a browser without scripts has it open. */
export class GuardBrowser {
  #url: string;
  #markup = "";
  #refresh: string | null = null;

  private constructor(url: string) {
    this.#url = url;
  }

  /** Opens the link as it stands in a message. */
  static async open(link: string): Promise<GuardBrowser> {
    const browser = new GuardBrowser(link);
    await browser.reload();
    return browser;
  }

  get url(): string {
    return this.#url;
  }

  /** What can be read on it. */
  get text(): string {
    return this.#markup
      .replace(/<style.*?<\/style>/gs, "")
      .replace(/<[^>]+>/g, " ")
      .replaceAll("&#39;", "'");
  }

  /** Where its links lead. */
  get links(): string[] {
    return [...this.#markup.matchAll(/<a href="([^"]*)"/g)].map(([, href = ""]) => href.replaceAll("&amp;", "&"));
  }

  get buttons(): string[] {
    return [...this.#markup.matchAll(/<button[^>]*>([^<]*)</g)].map(([, label]) =>
      (label ?? "").replaceAll("&#39;", "'"),
    );
  }

  /** After how many seconds it loads itself again; null when it does not. */
  get renewsAfter(): number | null {
    return this.#refresh === null ? null : Number(this.#refresh);
  }

  async reload(): Promise<void> {
    await this.#show(await fetch(this.#url));
  }

  /** Presses the button with that label; answers with the status of what is shown then. */
  async press(label: string): Promise<number> {
    const forms = [...this.#markup.matchAll(/<form ([^>]*)>(.*?)<\/form>/gs)].map(([, tag = "", inside = ""]) => ({
      tag,
      inside,
    }));
    const form = forms.find(({ inside }) => inside.replaceAll("&#39;", "'").includes(`>${label}</button>`));
    if (form === undefined) throw new Error(`no button ${label}; there are ${this.buttons.join(", ")}`);
    const fields = [...form.inside.matchAll(/name="([^"]*)" value="([^"]*)"/g)].map(
      ([, name = "", value = ""]): [string, string] => [name, value],
    );
    const body = new URLSearchParams(fields);
    const action = /action="([^"]*)"/.exec(form.tag)?.[1]?.replaceAll("&amp;", "&");
    if (form.tag.includes('method="get"')) {
      const url = new URL(this.#url);
      url.search = body.toString();
      return this.#show(await fetch(url));
    }
    const url = action === undefined ? this.#url : new URL(action, this.#url);
    return this.#show(await fetch(url, { method: "POST", body }));
  }

  async #show(response: Response): Promise<number> {
    this.#url = response.url;
    this.#refresh = response.headers.get("refresh");
    this.#markup = await response.text();
    return response.status;
  }
}
