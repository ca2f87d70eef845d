/** How far the main thread is behind: it projects every block to git and rows, which takes longer than executing it. */
import type { Height } from "@guts/primitives";

/** Blocks that the main thread may be behind while blocks are fetched. */
export const followWindowBlocks = 256;

/** Lets a sender of blocks wait for their follower. */
export class FollowWindow {
  #followed: number;
  #waiting: { readonly height: number; readonly resolve: () => void } | undefined;

  constructor(followed: Height) {
    this.#followed = followed;
  }

  /** The follower has come to this height. */
  follow(height: Height): void {
    this.#followed = height;
    if (this.#waiting !== undefined && this.#waiting.height - height <= followWindowBlocks) this.#waiting.resolve();
  }

  /** Resolves when `height` is not too far ahead. */
  async until(height: Height): Promise<void> {
    if (height - this.#followed <= followWindowBlocks) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting = { height, resolve };
    await promise;
    this.#waiting = undefined;
  }
}
