// The row of buttons under the meeting, and the dialog of devices.
import type { Room } from "livekit-client";
import { canChooseSpeaker, deviceSelect } from "./devices";
import { h, icon, type IconName } from "./dom";
import { deviceMessage } from "./errors";
import { t, type Key } from "./i18n";
import { notify } from "./shell";

function control(name: IconName, key: Key, testid: string, run: () => void, extra = ""): HTMLButtonElement {
  return h(
    "button",
    { type: "button", class: `control ${extra}`, testid, title: t(key), onclick: run },
    icon(name),
    h("span", { class: "control-label" }, t(key)),
  );
}

export class Controls {
  readonly element: HTMLElement;
  readonly dialog: HTMLDialogElement;
  private readonly microphone = control("mic", "microphone", "toggle-microphone", () => void this.toggle("microphone"));
  private readonly camera = control("camera", "camera", "toggle-camera", () => void this.toggle("camera"));
  private readonly screen = control("screen", "shareScreen", "share-screen", () => void this.toggleScreen());
  private readonly gone = new AbortController();

  constructor(
    private readonly room: Room,
    onCopy: () => void,
    onLeave: () => void,
  ) {
    const canShare = typeof navigator.mediaDevices?.getDisplayMedia === "function";
    this.dialog = this.devices();
    this.element = h(
      "div",
      { class: "controls", role: "group", "aria-label": t("controls") },
      this.microphone,
      this.camera,
      canShare && this.screen,
      control("devices", "devices", "devices", () => this.dialog.showModal()),
      control("link", "copyLink", "copy-link", onCopy),
      control("leave", "leave", "leave", onLeave, "leave"),
    );
    this.enable(false);
  }

  /** Only the buttons that need a connection wait for it. */
  enable(on: boolean): void {
    for (const button of [this.microphone, this.camera, this.screen]) button.disabled = !on;
  }

  sync(): void {
    const me = this.room.localParticipant;
    const show = (button: HTMLButtonElement, on: boolean, name: IconName, slashed: boolean): void => {
      if (button.getAttribute("aria-pressed") === String(on)) return;
      button.setAttribute("aria-pressed", String(on));
      button.querySelector("svg")?.replaceWith(icon(name, slashed));
    };
    show(this.microphone, me.isMicrophoneEnabled, "mic", !me.isMicrophoneEnabled);
    show(this.camera, me.isCameraEnabled, "camera", !me.isCameraEnabled);
    show(this.screen, me.isScreenShareEnabled, "screen", false);
  }

  close(): void {
    this.gone.abort();
    if (this.dialog.open) this.dialog.close();
  }

  async set(device: "camera" | "microphone", on: boolean): Promise<void> {
    const button = this[device];
    const me = this.room.localParticipant;
    button.disabled = true;
    try {
      await (device === "camera" ? me.setCameraEnabled(on) : me.setMicrophoneEnabled(on));
    } catch (error) {
      if (!this.gone.signal.aborted) notify(deviceMessage(error, device), { kind: "error" });
    } finally {
      button.disabled = false;
      this.sync();
    }
  }

  private toggle(device: "camera" | "microphone"): Promise<void> {
    const me = this.room.localParticipant;
    return this.set(device, !(device === "camera" ? me.isCameraEnabled : me.isMicrophoneEnabled));
  }

  private async toggleScreen(): Promise<void> {
    const me = this.room.localParticipant;
    try {
      await me.setScreenShareEnabled(!me.isScreenShareEnabled, { audio: true });
    } catch (error) {
      // Closing the browser's own dialog is no failure.
      if (!(error instanceof Error && error.name === "NotAllowedError")) notify(t("screenFailed"), { kind: "error" });
    } finally {
      this.sync();
    }
  }

  private devices(): HTMLDialogElement {
    const select = (kind: MediaDeviceKind): HTMLElement =>
      deviceSelect(kind, (id) => void this.switchDevice(kind, id), this.gone.signal);
    return h(
      "dialog",
      { class: "card", "aria-label": t("devices") },
      h("h2", {}, t("devices")),
      select("videoinput"),
      select("audioinput"),
      canChooseSpeaker() && select("audiooutput"),
      h("button", { type: "button", class: "button primary wide", onclick: () => this.dialog.close() }, t("close")),
    );
  }

  private async switchDevice(kind: MediaDeviceKind, id: string): Promise<void> {
    try {
      await this.room.switchActiveDevice(kind, id);
    } catch (error) {
      this.dialog.close();
      notify(deviceMessage(error, kind === "videoinput" ? "camera" : "microphone"), { kind: "error" });
    }
  }
}
