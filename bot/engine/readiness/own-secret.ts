import type { Kernel } from "../kernel/kernel.ts";
import { Poller } from "../kernel/poller.ts";

/**
 * A secret of this installation, which is made once and stored beside what it opens. While the storage can't be read or
 * written there is a spare one, because a start must not wait for a disk. The stored one is read, or the spare one
 * stored, as soon as that can be done.
 */
export class OwnSecret implements AsyncDisposable {
  readonly #kernel: Kernel;
  readonly #name: "guard-key" | "link-code";
  readonly #made: string;
  #stored: string | null = null;
  #retries: Poller | null = null;

  private constructor(kernel: Kernel, name: "guard-key" | "link-code", made: string) {
    this.#kernel = kernel;
    this.#name = name;
    this.#made = made;
  }

  /** Resolves once it is known, or was asked for. */
  static async load(kernel: Kernel, name: "guard-key" | "link-code", make: () => string): Promise<OwnSecret> {
    const secret = new OwnSecret(kernel, name, make());
    try {
      await secret.#settle();
    } catch (error) {
      kernel.log.error({ name, err: error }, "secret-not-read");
      secret.#retries = new Poller(kernel, async () => {
        // That the storage fails is told by whoever watches over it.
        await secret.#settle().catch(() => undefined);
        return null;
      });
    }
    return secret;
  }

  /** The secret as it is now, and behind it the spare one that stood in for it: what that one made goes on working. */
  get values(): readonly [string, ...string[]] {
    if (this.#stored === null || this.#stored === this.#made) return [this.#made];
    return this.#retries === null ? [this.#stored] : [this.#stored, this.#made];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#retries?.[Symbol.asyncDispose]();
  }

  async #settle(): Promise<void> {
    if (this.#stored !== null) return;
    const { store, log } = this.#kernel;
    const stored = await store.read((reader) => reader.loadSetting("secret", this.#name));
    if (stored === null) await store.write((tx) => tx.saveSetting("secret", this.#name, this.#made));
    this.#stored = stored ?? this.#made;
    if (this.#retries !== null) log.info({ name: this.#name }, "secret-read");
  }
}
