// The page of a room: look it up, pre-join, the door, meeting, afterwards.
import { api, signInUrl, type LiveKit, type Room } from "./api";
import { h } from "./dom";
import { endingTitle, explained } from "./endings";
import { apiMessage, isRefusal, joinMessage } from "./errors";
import { ApiError } from "./http";
import { t } from "./i18n";
import { prejoin, rememberedName, type Choices } from "./prejoin";
import { draw, type PageView } from "./router";
import { Meeting } from "./room";
import { session } from "./session";
import { homeLink, loading, notify, statusPage } from "./shell";
import { waitAtDoor } from "./waitingscreen";

class RoomVisit {
  constructor(
    private readonly slug: string,
    private readonly root: HTMLElement,
    private readonly signal: AbortSignal,
  ) {}

  async start(): Promise<void> {
    document.title = `${this.slug} – Meet`;
    this.root.replaceChildren(loading());
    try {
      const room = await this.look(rememberedName());
      if (this.signal.aborted) return;
      if (room.livekit || room.id) prejoin(this.root, room, (choices) => this.join(choices), this.signal);
      else this.closed(); // nobody answers the door of a room that is not registered
    } catch (error) {
      this.fail(error);
    }
  }

  private async look(name: string): Promise<Room> {
    const room = await api.room(this.slug, name);
    return { ...room, slug: room.slug || this.slug };
  }

  /** The token is asked for at the last moment, under the chosen name. */
  private async join(choices: Choices): Promise<boolean> {
    try {
      const room = await this.look(choices.name);
      if (this.signal.aborted) return true;
      if (room.livekit) void this.meet(room, room.livekit, choices);
      else void this.knock(room, choices);
      return true;
    } catch (error) {
      if (!this.signal.aborted) notify(joinMessage(error), { kind: "error" });
      return false;
    }
  }

  private async knock(room: Room, choices: Choices, refusedAt?: number): Promise<void> {
    try {
      const decision = await waitAtDoor(this.root, room, choices.name, this.signal, refusedAt);
      if (this.signal.aborted) return;
      if (!decision) draw();
      else if (decision.allowed) void this.meet(room, decision.livekit, choices);
      else this.refused(room, choices);
    } catch (error) {
      this.fail(error);
    }
  }

  private refused(room: Room, choices: Choices): void {
    const refusedAt = performance.now();
    const again = (): void => void this.knock(room, choices, refusedAt);
    const button = h("button", { type: "button", class: "button primary", testid: "ask-again", onclick: again }, t("askAgain"));
    this.status("refused", t("refusedTitle"), t("refusedText"), button);
  }

  private async meet(room: Room, livekit: LiveKit, choices: Choices): Promise<void> {
    const meeting = new Meeting(this.root, { ...room, livekit }, choices);
    const stop = (): void => void meeting.leave();
    this.signal.addEventListener("abort", stop, { once: true });
    const ending = await explained(await meeting.run());
    this.signal.removeEventListener("abort", stop);
    if (this.signal.aborted) return;
    const next = ending.kind === "signed-out" ? this.signIn() : this.retry(ending.kind === "failed" ? t("retry") : t("rejoin"));
    this.status(ending.kind, endingTitle(ending), ending.sentence, next);
  }

  private closed(): void {
    const next = session.user ? this.retry(t("retry")) : this.signIn();
    this.status("closed-door", t("deniedTitle"), session.user ? t("deniedSignedIn") : t("deniedSignIn"), next);
  }

  private fail(error: unknown): void {
    if (this.signal.aborted) return;
    if (error instanceof ApiError && error.status === 404) this.status("unknown", t("roomNotFoundTitle"), t("roomNotFound"));
    else if (isRefusal(error)) this.status("kept-out", t("deniedTitle"), joinMessage(error), this.retry(t("retry")));
    else this.status("failed", t("failedTitle"), apiMessage(error), this.retry(t("retry")));
  }

  private signIn(): HTMLElement {
    return h("a", { class: "button primary", href: signInUrl() }, t("signIn"));
  }

  private retry(label: string): HTMLElement {
    return h("button", { type: "button", class: "button primary", testid: "rejoin", onclick: () => draw() }, label);
  }

  private status(kind: string, title: string, sentence: string | null, next?: HTMLElement): void {
    statusPage(this.root, title, sentence, next, homeLink()).dataset.status = kind;
  }
}

export function roomPage(slug: string): PageView {
  return (root, signal) => new RoomVisit(slug, root, signal).start();
}
