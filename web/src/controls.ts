// The row of buttons under the meeting.
import { Track } from "livekit-client";
import { control } from "./action";
import { h, icon, type IconName } from "./dom";
import { apiMessage, deviceMessage } from "./errors";
import { t, type Key } from "./i18n";
import { mayPublish } from "./permissions";
import { raisedAt } from "./person";
import { isRegistered, type Scope } from "./scope";
import { notify } from "./shell";

export interface ControlActions {
  devices: () => void;
  copyLink: () => void;
  leave: () => void;
}

const sources = { microphone: Track.Source.Microphone, camera: Track.Source.Camera, screen: Track.Source.ScreenShare };
type Name = keyof typeof sources;

const reasons: Record<Name, Key> = { microphone: "noMicrophone", camera: "noCamera", screen: "noScreen" };

export class Controls {
  readonly element: HTMLElement;
  private readonly buttons: Record<Name, HTMLButtonElement> = {
    microphone: control("mic", "microphone", "toggle-microphone", () => this.use("microphone", () => this.toggle("microphone"))),
    camera: control("camera", "camera", "toggle-camera", () => this.use("camera", () => this.toggle("camera"))),
    screen: control("screen", "shareScreen", "share-screen", () => this.use("screen", () => this.toggleScreen())),
  };
  private readonly hand = control("hand", "raiseHand", "raise-hand", () => void this.toggleHand());
  /** Whether the visitor is switching the microphone, rather than somebody else. */
  switching = false;

  constructor(
    private readonly scope: Scope,
    private readonly people: HTMLButtonElement,
    { devices, copyLink, leave }: ControlActions,
  ) {
    const canShare = typeof navigator.mediaDevices?.getDisplayMedia === "function";
    const { microphone, camera, screen } = this.buttons;
    this.element = h(
      "div",
      { class: "controls", role: "group", "aria-label": t("controls") },
      microphone,
      camera,
      canShare && screen,
      isRegistered(scope) && this.hand,
      people,
      control("devices", "devices", "devices", devices),
      control("link", "copyLink", "copy-link", copyLink),
      control("leave", "leave", "leave", leave, "leave"),
    );
    this.enable(false);
  }

  /** Only the buttons that need a connection wait for it. */
  enable(on: boolean): void {
    for (const button of [...Object.values(this.buttons), this.hand, this.people]) button.disabled = !on;
  }

  sync(): void {
    const me = this.scope.room.localParticipant;
    this.show("microphone", me.isMicrophoneEnabled, "mic", !me.isMicrophoneEnabled);
    this.show("camera", me.isCameraEnabled, "camera", !me.isCameraEnabled);
    this.show("screen", me.isScreenShareEnabled, "screen", false);
    const raised = raisedAt(me) !== "";
    this.hand.setAttribute("aria-pressed", String(raised));
    this.hand.title = raised ? t("lowerHand") : t("raiseHand");
  }

  async set(device: "camera" | "microphone", on: boolean): Promise<void> {
    const button = this.buttons[device];
    const me = this.scope.room.localParticipant;
    if (on && !this.may(device)) return;
    button.disabled = true;
    this.switching = device === "microphone";
    try {
      await (device === "camera" ? me.setCameraEnabled(on) : me.setMicrophoneEnabled(on));
    } catch (error) {
      // What was just forbidden is told elsewhere.
      if (!this.scope.signal.aborted && this.may(device)) notify(deviceMessage(error, device), { kind: "error" });
    } finally {
      this.switching = false;
      button.disabled = false;
      this.sync();
    }
  }

  private may(name: Name): boolean {
    return mayPublish(this.scope.room.localParticipant.permissions, sources[name]);
  }

  /** A button that the room's rules switch off stays reachable, to say why. */
  private use(name: Name, run: () => Promise<void>): void {
    if (this.may(name)) void run();
    else notify(t(reasons[name]));
  }

  private show(name: Name, on: boolean, picture: IconName, slashed: boolean): void {
    const button = this.buttons[name];
    const may = this.may(name);
    const state = `${String(on)} ${String(may)}`;
    if (button.dataset.state === state) return;
    button.dataset.state = state;
    button.setAttribute("aria-pressed", String(on));
    button.setAttribute("aria-disabled", String(!may));
    button.title = may ? t(name === "screen" ? "shareScreen" : name) : t(reasons[name]);
    button.querySelector("svg")?.replaceWith(icon(picture, slashed || !may));
  }

  private toggle(device: "camera" | "microphone"): Promise<void> {
    const me = this.scope.room.localParticipant;
    return this.set(device, !(device === "camera" ? me.isCameraEnabled : me.isMicrophoneEnabled));
  }

  private async toggleScreen(): Promise<void> {
    const me = this.scope.room.localParticipant;
    try {
      await me.setScreenShareEnabled(!me.isScreenShareEnabled, { audio: mayPublish(me.permissions, Track.Source.ScreenShareAudio) });
    } catch (error) {
      // Closing the browser's own dialog is no failure.
      if (!(error instanceof Error && error.name === "NotAllowedError")) notify(t("screenFailed"), { kind: "error" });
    } finally {
      this.sync();
    }
  }

  private async toggleHand(): Promise<void> {
    if (this.hand.hasAttribute("aria-busy")) return;
    this.hand.setAttribute("aria-busy", "true");
    try {
      await this.scope.api.raiseHand(raisedAt(this.scope.room.localParticipant) === "");
    } catch (error) {
      if (!this.scope.signal.aborted) notify(apiMessage(error), { kind: "error" });
    } finally {
      this.hand.removeAttribute("aria-busy");
    }
  }
}
