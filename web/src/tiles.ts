// The grid of participants: one tile each, plus one per shared screen.
import { Track, type Participant, type Room, type TrackPublication } from "livekit-client";
import { initialOf, paint } from "./colour";
import { h, icon } from "./dom";
import { t } from "./i18n";
import { nameOf, raisedAt } from "./person";

class Tile {
  readonly element: HTMLElement;
  private readonly initial = h("span", { class: "initial", "aria-hidden": "true" });
  private readonly label = h("span", { class: "tile-name" });
  private readonly muted = h("span", { class: "muted-mark", role: "img", "aria-label": t("muted"), title: t("muted") }, icon("mic", true));
  private readonly hand = h("span", { class: "hand-mark", role: "img", testid: "hand", "aria-label": t("handRaised"), title: t("handRaised") }, icon("hand"));
  private video: HTMLVideoElement | null = null;
  private track: Track | null = null;

  constructor(
    private readonly participant: Participant,
    private readonly source: Track.Source.Camera | Track.Source.ScreenShare,
    private readonly local: boolean,
  ) {
    const screen = source === Track.Source.ScreenShare;
    this.element = h(
      "div",
      {
        class: screen ? "tile screen" : "tile",
        testid: screen ? "screen-tile" : "tile",
        "data-identity": participant.identity,
        "data-local": String(local),
        role: "listitem",
      },
      this.initial,
      h("div", { class: "tile-label" }, screen ? null : this.hand, screen ? null : this.muted, this.label),
    );
  }

  update(): void {
    const { participant } = this;
    const name = nameOf(participant);
    const camera = this.source === Track.Source.Camera;
    this.label.textContent = camera ? (this.local ? t("you", { name }) : name) : t("screenOf", { name });
    this.initial.textContent = initialOf(name);
    paint(this.initial, participant.attributes.color);
    this.hand.hidden = raisedAt(participant) === "";
    this.muted.hidden = participant.isMicrophoneEnabled;
    this.element.classList.toggle("speaking", camera && participant.isSpeaking);
    const publication: TrackPublication | undefined = participant.getTrackPublication(this.source);
    this.setTrack(publication && !publication.isMuted ? (publication.videoTrack ?? null) : null);
  }

  remove(): void {
    this.setTrack(null);
    this.element.remove();
  }

  private setTrack(track: Track | null): void {
    if (track === this.track) return;
    if (this.video) {
      this.track?.detach(this.video);
      this.video.remove();
      this.video = null;
    }
    this.track = track;
    if (!track) return;
    const mirror = this.local && this.source === Track.Source.Camera;
    const video = h("video", { autoplay: true, playsinline: true, muted: this.local, class: mirror ? "mirror" : "" });
    video.muted = this.local;
    this.element.prepend(video);
    track.attach(video);
    this.video = video;
  }
}

export class TileGrid {
  readonly element = h("div", { class: "grid", role: "list", "aria-label": t("people") });
  private readonly tiles = new Map<string, Tile>();
  private readonly observer = new ResizeObserver(() => this.arrange());

  constructor(private readonly room: Room) {
    this.observer.observe(this.element);
  }

  /** Makes the tiles match the room. */
  sync(): void {
    const { localParticipant, remoteParticipants } = this.room;
    const wanted = new Set<string>();
    for (const participant of [localParticipant, ...remoteParticipants.values()]) {
      const local = participant === localParticipant;
      this.tile(wanted, participant, Track.Source.Camera, local);
      if (participant.getTrackPublication(Track.Source.ScreenShare)?.track) {
        this.tile(wanted, participant, Track.Source.ScreenShare, local);
      }
    }
    for (const [key, tile] of this.tiles) {
      if (wanted.has(key)) continue;
      tile.remove();
      this.tiles.delete(key);
    }
    this.arrange();
  }

  clear(): void {
    this.observer.disconnect();
    for (const tile of this.tiles.values()) tile.remove();
    this.tiles.clear();
  }

  private tile(wanted: Set<string>, participant: Participant, source: Track.Source.Camera | Track.Source.ScreenShare, local: boolean): void {
    const key = `${source} ${participant.sid} ${participant.identity}`;
    let tile = this.tiles.get(key);
    if (!tile) {
      tile = new Tile(participant, source, local);
      this.tiles.set(key, tile);
      if (source === Track.Source.ScreenShare) this.element.prepend(tile.element);
      else this.element.append(tile.element);
    }
    tile.update();
    wanted.add(key);
  }

  /** Chooses the number of columns: a row of people under a shared screen, else the largest 16:9 tiles. */
  private arrange(): void {
    const count = this.tiles.size;
    const { clientWidth: width, clientHeight: height } = this.element;
    let columns = 1;
    let best = 0;
    for (let c = 1; c <= count; c++) {
      const size = Math.min(width / c, (height / Math.ceil(count / c)) * (16 / 9));
      if (size > best) [best, columns] = [size, c];
    }
    const screens = this.element.querySelectorAll(".screen").length;
    if (screens > 0) columns = Math.min(count - screens, 6);
    if (width < 600) columns = Math.min(columns, 2);
    this.element.style.setProperty("--columns", String(columns));
  }
}
