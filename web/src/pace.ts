// The rhythm of requests that repeat.
import { ApiError } from "./http";

const shortest = 1000;
const longest = 15_000;

/** At least a second between two requests, longer after failures. */
export class Pace {
  private failures = 0;
  /** Before this, no request starts. */
  private floor = 0;
  /** Before this, a request starts only when there is news. */
  private pause = 0;
  private stir: () => void = () => undefined;

  constructor(private readonly signal: AbortSignal) {
    signal.addEventListener("abort", () => this.stir());
  }

  /** Resolves when the next request may start; false once it is all over. */
  async turn(): Promise<boolean> {
    for (;;) {
      const rest = Math.max(this.floor, this.pause) - performance.now();
      if (rest <= 0 || this.signal.aborted) break;
      await this.sleep(rest);
    }
    this.floor = performance.now() + shortest;
    return !this.signal.aborted;
  }

  succeeded(): void {
    this.failures = 0;
  }

  failed(error: unknown): void {
    this.failures += 1;
    const now = performance.now();
    const back = Math.min(longest, shortest * 2 ** (this.failures - 1));
    this.pause = now + back * (0.75 + Math.random() / 2); // so that not everybody returns at once
    if (error instanceof ApiError) this.floor = Math.max(this.floor, now + error.retryAfter);
  }

  /** Ends a pause after a failure, but not what the server itself has asked for. */
  wake(): void {
    this.pause = 0;
    this.stir();
  }

  private sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = window.setTimeout(resolve, milliseconds);
      this.stir = () => {
        window.clearTimeout(timer);
        resolve();
      };
    });
  }
}
