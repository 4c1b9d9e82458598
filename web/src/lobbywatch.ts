// Follows who waits at the door, for moderators.
import { isPassing } from "./http";
import { waitingPeople, type Waiting } from "./meetingapi";
import { Pace } from "./pace";

export class LobbyWatch {
  private readonly pace: Pace;
  private held = new AbortController();
  private etag: string | null = null;

  constructor(
    private readonly room: string,
    signal: AbortSignal,
    private readonly onPeople: (people: Waiting[]) => void,
    private readonly onLost: (error: unknown) => void,
  ) {
    this.pace = new Pace(signal);
    signal.addEventListener("abort", () => this.held.abort());
  }

  async run(): Promise<void> {
    while (await this.pace.turn()) {
      this.held = new AbortController();
      const { signal } = this.held;
      try {
        const { status, etag, data } = await waitingPeople(this.room, this.etag, signal);
        if (signal.aborted) continue; // outdated by what happened meanwhile
        this.pace.succeeded();
        if (status === 304) continue;
        this.etag = etag;
        this.onPeople(data.participants);
      } catch (error) {
        if (signal.aborted) continue;
        if (!isPassing(error)) {
          this.onLost(error);
          return;
        }
        this.etag = null; // some networks cut requests that are held: the next one is not
        this.pace.failed(error);
      }
    }
  }

  /** Asks anew after a decision; an answer on its way may be older than that. */
  refresh(): void {
    this.etag = null;
    this.held.abort();
    this.pace.wake();
  }

  /** Somebody has knocked: no time for a long pause. */
  wake(): void {
    this.pace.wake();
  }
}
