// The meeting itself, from connecting to leaving.
import { isBrowserSupported, Room, RoomEvent, Track, type RemoteTrack } from "livekit-client";
import { roomLink, type Room as RoomInfo } from "./api";
import { Controls } from "./controls";
import { chosenDevice } from "./devices";
import { h } from "./dom";
import { connectMessage, disconnectMessage } from "./errors";
import { t } from "./i18n";
import type { Choices } from "./prejoin";
import { copyLink } from "./roomlist";
import { session } from "./session";
import { clearMessage, notify } from "./shell";
import { TileGrid } from "./tiles";

export interface Ending {
  kind: "left" | "ended" | "failed";
  sentence: string | null;
}

function serverUrl(given: string | undefined): string {
  const { url, force_wss_protocol } = session.config.livekit ?? {};
  const address = given || url || location.origin;
  return force_wss_protocol ? address.replace(/^https:/, "wss:") : address;
}

export class Meeting {
  private readonly room = new Room({
    adaptiveStream: true,
    dynacast: true,
    videoCaptureDefaults: { deviceId: chosenDevice("videoinput") },
    audioCaptureDefaults: { deviceId: chosenDevice("audioinput") },
    audioOutput: { deviceId: chosenDevice("audiooutput") },
  });
  private readonly grid = new TileGrid(this.room);
  private readonly count = h("span", { testid: "participant-count" }, "0");
  private readonly sounds = h("div", { hidden: true });
  private readonly soundButton = h(
    "button",
    { type: "button", class: "button primary sound", hidden: true, testid: "start-audio", onclick: () => void this.room.startAudio() },
    t("enableSound"),
  );
  private readonly controls: Controls;
  private joined = false;
  private leaving = false;
  private finish: (ending: Ending) => void = () => undefined;

  constructor(
    private readonly root: HTMLElement,
    private readonly info: RoomInfo & { livekit: { url?: string; token?: string } },
    private readonly choices: Choices,
  ) {
    this.controls = new Controls(this.room, () => void copyLink(info.slug), () => void this.leave());
  }

  /** Resolves when the meeting is over for the visitor, for whatever reason. */
  async run(): Promise<Ending> {
    const ending = new Promise<Ending>((resolve) => (this.finish = resolve));
    this.show();
    this.listen();
    void this.connect();
    const result = await ending;
    this.controls.close();
    this.grid.clear();
    this.sounds.replaceChildren();
    document.body.classList.remove("in-room");
    clearMessage();
    return result;
  }

  async leave(): Promise<void> {
    this.leaving = true;
    await this.room.disconnect().catch(() => undefined);
    this.finish({ kind: "left", sentence: null });
  }

  private show(): void {
    document.title = `${this.info.name || this.info.slug} – Meet`;
    document.body.classList.add("in-room");
    const bar = h(
      "div",
      { class: "room-bar" },
      h("h1", {}, this.info.name || this.info.slug),
      h("span", { class: "link-text", testid: "room-link" }, roomLink(this.info.slug)),
      this.soundButton,
      h("span", { class: "count" }, h("span", { class: "count-label" }, `${t("people")} `), this.count),
    );
    this.root.replaceChildren(
      h("section", { class: "room" }, bar, this.grid.element, this.controls.element),
      this.controls.dialog,
      this.sounds,
    );
    notify(t("connecting"), { sticky: true });
  }

  private async connect(): Promise<void> {
    const { url, token } = this.info.livekit;
    if (!isBrowserSupported()) {
      this.finish({ kind: "failed", sentence: t("browserTooOld") });
      return;
    }
    try {
      await this.room.connect(serverUrl(url), token ?? "");
    } catch (error) {
      if (this.leaving) return;
      console.error(error);
      await this.room.disconnect().catch(() => undefined);
      this.finish({ kind: "failed", sentence: connectMessage(error) });
      return;
    }
    if (this.leaving) {
      await this.room.disconnect();
      return;
    }
    this.joined = true;
    notify(t("connected"));
    this.controls.enable(true);
    this.sync();
    this.offerSound();
    if (this.choices.microphone) await this.controls.set("microphone", true);
    if (this.choices.camera && !this.leaving) await this.controls.set("camera", true);
  }

  private listen(): void {
    const sync = (): void => this.sync();
    const { room } = this;
    for (const event of [
      RoomEvent.ParticipantConnected,
      RoomEvent.ParticipantDisconnected,
      RoomEvent.ParticipantNameChanged,
      RoomEvent.TrackPublished,
      RoomEvent.TrackUnpublished,
      RoomEvent.TrackMuted,
      RoomEvent.TrackUnmuted,
      RoomEvent.LocalTrackPublished,
      RoomEvent.LocalTrackUnpublished,
      RoomEvent.ActiveSpeakersChanged,
    ] as const) {
      room.on(event, sync);
    }
    room
      .on(RoomEvent.TrackSubscribed, (track: RemoteTrack) => {
        if (track.kind === Track.Kind.Audio) this.sounds.append(track.attach());
        this.sync();
      })
      .on(RoomEvent.TrackUnsubscribed, (track: RemoteTrack) => {
        if (track.kind === Track.Kind.Audio) track.detach().forEach((element) => element.remove());
        this.sync();
      })
      .on(RoomEvent.AudioPlaybackStatusChanged, () => this.offerSound())
      .on(RoomEvent.Reconnecting, () => notify(t("reconnecting"), { kind: "error" }))
      .on(RoomEvent.SignalReconnecting, () => notify(t("reconnecting"), { kind: "error" }))
      .on(RoomEvent.Reconnected, () => {
        notify(t("reconnected"));
        this.sync();
      })
      .on(RoomEvent.Disconnected, (reason) => {
        if (!this.joined || this.leaving) return;
        const sentence = disconnectMessage(reason);
        this.finish({ kind: sentence ? "ended" : "left", sentence });
      });
  }

  private sync(): void {
    if (!this.joined || this.leaving) return;
    this.grid.sync();
    this.controls.sync();
    this.count.textContent = String(this.room.remoteParticipants.size + 1);
  }

  private offerSound(): void {
    this.soundButton.hidden = this.room.canPlaybackAudio;
  }
}
