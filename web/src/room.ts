// The meeting itself, from connecting to leaving.
import { isBrowserSupported, Room, RoomEvent, Track, type RemoteTrack } from "livekit-client";
import { keyOf, mayModerate, roomLink, titleOf } from "./api";
import { Controls } from "./controls";
import { deviceDialog } from "./devicedialog";
import { chosenDevice } from "./devices";
import { h, icon } from "./dom";
import { endingOf, failureOf, type Ending } from "./endings";
import { t } from "./i18n";
import { MeetingApi } from "./meetingapi";
import { announceOthers } from "./notices";
import { PeoplePanel } from "./peoplepanel";
import { followPermissions, tellForbidden } from "./permissions";
import type { Choices } from "./prejoin";
import { onChange } from "./roomevents";
import { copyLink } from "./roomlist";
import { Rules } from "./rules";
import type { OpenRoom, Scope } from "./scope";
import { session } from "./session";
import { SettingsDialog } from "./settings";
import { clearMessage, notify } from "./shell";
import { TileGrid } from "./tiles";

function serverUrl(given: string | undefined): string {
  const { url, force_wss_protocol } = session.config.livekit ?? {};
  const address = given || url || location.origin;
  return force_wss_protocol ? address.replace(/^https:/, "wss:") : address;
}

const liveKitRoom = (): Room =>
  new Room({
    adaptiveStream: true,
    dynacast: true,
    videoCaptureDefaults: { deviceId: chosenDevice("videoinput") },
    audioCaptureDefaults: { deviceId: chosenDevice("audioinput") },
    audioOutput: { deviceId: chosenDevice("audiooutput") },
  });

export class Meeting {
  private readonly room = liveKitRoom();
  private readonly over = new AbortController();
  private readonly scope: Scope;
  private readonly grid = new TileGrid(this.room);
  private readonly count = h("span", { testid: "participant-count" }, "0");
  private readonly sounds = h("div", { hidden: true });
  private readonly soundButton = h(
    "button",
    { type: "button", class: "button primary sound", hidden: true, testid: "start-audio", onclick: () => void this.room.startAudio() },
    t("enableSound"),
  );
  private readonly people: PeoplePanel;
  private readonly controls: Controls;
  private readonly devices: HTMLDialogElement;
  private readonly settings: SettingsDialog | null;
  private joined = false;
  private finish: (ending: Ending) => void = () => undefined;

  constructor(
    private readonly root: HTMLElement,
    private readonly info: OpenRoom,
    private readonly choices: Choices,
  ) {
    const moderator = mayModerate(info);
    const api = new MeetingApi(keyOf(info), info.livekit, moderator);
    this.scope = { info, room: this.room, api, rules: new Rules(info), moderator, signal: this.over.signal };
    this.people = new PeoplePanel(this.scope, () => void this.quit({ kind: "closed", sentence: t("wasEnded") }));
    this.devices = deviceDialog(this.room, this.over.signal);
    this.settings = moderator ? new SettingsDialog(this.scope) : null;
    this.controls = new Controls(this.scope, this.people.button, {
      devices: () => this.devices.showModal(),
      copyLink: () => void copyLink(info.slug),
      leave: () => void this.leave(),
    });
  }

  /** Resolves when the meeting is over for the visitor, for whatever reason. */
  async run(): Promise<Ending> {
    const ending = new Promise<Ending>((resolve) => (this.finish = resolve));
    this.show();
    this.listen();
    void this.connect();
    const result = await ending;
    this.over.abort();
    if (this.devices.open) this.devices.close();
    this.grid.clear();
    this.sounds.replaceChildren();
    document.body.classList.remove("in-room");
    clearMessage();
    return result;
  }

  leave(): Promise<void> {
    return this.quit({ kind: "left", sentence: null });
  }

  private async quit(ending: Ending): Promise<void> {
    this.over.abort();
    await this.room.disconnect().catch(() => undefined);
    this.finish(ending);
  }

  private show(): void {
    document.title = titleOf(this.info);
    document.body.classList.add("in-room");
    this.root.replaceChildren(
      h("section", { class: "room" }, this.bar(), this.grid.element, this.people.element, this.controls.element),
      this.devices,
      this.settings?.element ?? "",
      this.sounds,
    );
    notify(t("connecting"), { sticky: true });
  }

  private bar(): HTMLElement {
    const { settings } = this;
    const label = h("span", { class: "count-label" }, t("settings"));
    return h(
      "div",
      { class: "room-bar" },
      h("h1", {}, this.info.name || this.info.slug),
      h("span", { class: "link-text", testid: "room-link" }, roomLink(this.info.slug)),
      this.soundButton,
      h("span", { class: "count" }, h("span", { class: "count-label" }, `${t("people")} `), this.count),
      settings &&
        h("button", { type: "button", class: "bar-button", testid: "settings", title: t("settings"), onclick: () => settings.open() }, icon("settings"), label),
    );
  }

  private async connect(): Promise<void> {
    const { url, token } = this.info.livekit;
    const { signal } = this.over;
    if (!isBrowserSupported()) {
      this.finish({ kind: "failed", sentence: t("browserTooOld") });
      return;
    }
    try {
      await this.room.connect(serverUrl(url), token ?? "");
    } catch (error) {
      if (signal.aborted) return;
      console.error(error);
      await this.room.disconnect().catch(() => undefined);
      this.finish(failureOf(error));
      return;
    }
    if (signal.aborted) await this.room.disconnect();
    else await this.begin();
  }

  private async begin(): Promise<void> {
    this.joined = true;
    this.scope.rules.read(this.room.metadata);
    notify(t("connected"));
    tellForbidden(this.scope);
    this.controls.enable(true);
    this.people.start();
    this.sync();
    this.offerSound();
    if (this.choices.microphone) await this.controls.set("microphone", true);
    if (this.choices.camera && !this.over.signal.aborted) await this.controls.set("camera", true);
  }

  private listen(): void {
    const { room, scope } = this;
    followPermissions(scope);
    announceOthers(scope, () => this.controls.switching);
    room
      .on(RoomEvent.TrackSubscribed, (track: RemoteTrack) => {
        if (track.kind === Track.Kind.Audio) this.sounds.append(track.attach());
      })
      .on(RoomEvent.TrackUnsubscribed, (track: RemoteTrack) => {
        if (track.kind === Track.Kind.Audio) track.detach().forEach((element) => element.remove());
      })
      .on(RoomEvent.AudioPlaybackStatusChanged, () => this.offerSound())
      .on(RoomEvent.Reconnecting, () => notify(t("reconnecting"), { kind: "error" }))
      .on(RoomEvent.SignalReconnecting, () => notify(t("reconnecting"), { kind: "error" }))
      .on(RoomEvent.Reconnected, () => {
        scope.rules.read(room.metadata);
        notify(t("reconnected"));
      })
      .on(RoomEvent.Disconnected, (reason) => {
        if (this.joined && !this.over.signal.aborted) this.finish(endingOf(reason));
      });
    onChange(room, () => this.sync());
  }

  private sync(): void {
    if (!this.joined || this.over.signal.aborted) return;
    this.grid.sync();
    this.controls.sync();
    this.people.sync();
    this.count.textContent = String(this.room.remoteParticipants.size + 1);
  }

  private offerSound(): void {
    this.soundButton.hidden = this.room.canPlaybackAudio;
  }
}
