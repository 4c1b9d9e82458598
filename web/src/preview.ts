// The visitor's own camera and microphone before joining.
import { chosenDevice, refreshDevices } from "./devices";
import { h, store } from "./dom";
import { deviceMessage, hasMediaDevices, type Device } from "./errors";
import { t } from "./i18n";
import { notify } from "./shell";

const inputs = { camera: "videoinput", microphone: "audioinput" } as const;
type Input = keyof typeof inputs;

function constraint(input: Input): MediaTrackConstraints {
  const id = chosenDevice(inputs[input]);
  const size = input === "camera" ? { width: { ideal: 1280 }, height: { ideal: 720 } } : {};
  return { ...size, ...(id ? { deviceId: { ideal: id } } : {}) };
}

const open = (...which: Input[]): Promise<MediaStream> =>
  navigator.mediaDevices.getUserMedia({
    video: which.includes("camera") && constraint("camera"),
    audio: which.includes("microphone") && constraint("microphone"),
  });

const stopTracks = (stream: MediaStream | null): void => stream?.getTracks().forEach((track) => track.stop());

export class Preview {
  readonly video = h("video", { autoplay: true, playsinline: true, muted: true, class: "mirror", "aria-label": t("preview") });
  readonly note = h("p", { class: "preview-note" });
  readonly element = h("div", { class: "preview" }, this.video, this.note);
  readonly wanted: Record<Input, boolean> = {
    camera: store.get("camera") !== "off",
    microphone: store.get("microphone") !== "off",
  };
  private stream: MediaStream | null = null;
  private turn = 0;
  private stopped = false;

  constructor(private readonly onChange: () => void) {
    this.video.muted = true;
    this.show(null);
  }

  /** Asks for both devices at once, so that the browser asks its question once. */
  async start(): Promise<void> {
    const which = (["camera", "microphone"] as const).filter((input) => this.wanted[input]);
    if (which.length === 0) return;
    if (!hasMediaDevices()) {
      this.fail(null, ...which);
      return;
    }
    const turn = ++this.turn;
    this.note.textContent = this.wanted.camera ? t("cameraStarting") : t("cameraOff");
    try {
      this.take(await open(...which), turn);
    } catch (error) {
      if (which.length === 1 || (error instanceof Error && error.name === "NotAllowedError")) {
        if (turn === this.turn) this.fail(error, ...which);
        return;
      }
      for (const input of which) await this.set(input, true); // one may work without the other
      if (!this.wanted.camera && !this.wanted.microphone) this.fail(error, ...which);
    }
  }

  async set(input: Input, on: boolean): Promise<void> {
    if (this.stopped) return;
    this.wanted[input] = on;
    const turn = input === "camera" ? ++this.turn : this.turn;
    if (input === "camera" && !on) this.show(null);
    this.onChange();
    if (!on) return;
    try {
      if (input === "camera") this.note.textContent = t("cameraStarting");
      if (!hasMediaDevices()) throw new Error("insecure");
      const stream = await open(input);
      if (input === "camera") this.take(stream, turn);
      else stopTracks(stream); // only the permission was needed
      refreshDevices();
    } catch (error) {
      if (input !== "camera" || turn === this.turn) this.fail(error, input);
    }
  }

  /** The visitor's own choice, remembered for the next time. */
  toggle(input: Input): Promise<void> {
    const on = !this.wanted[input];
    store.set(input, on ? "on" : "off");
    return this.set(input, on);
  }

  stop(): void {
    this.stopped = true;
    this.turn += 1;
    this.show(null);
  }

  private take(stream: MediaStream, turn: number): void {
    stream.getAudioTracks().forEach((track) => track.stop());
    if (this.stopped || turn !== this.turn || !this.wanted.camera) stopTracks(stream);
    else this.show(stream);
    refreshDevices();
  }

  private show(stream: MediaStream | null): void {
    if (this.stream !== stream) stopTracks(this.stream);
    this.stream = stream;
    this.video.srcObject = stream;
    this.video.hidden = stream === null;
    this.note.textContent = stream ? "" : t("cameraOff");
  }

  private fail(error: unknown, ...which: Input[]): void {
    if (this.stopped) return;
    for (const input of which) this.wanted[input] = false;
    if (which.includes("camera")) this.show(null);
    const device: Device = which.length > 1 ? "both" : (which[0] ?? "both");
    notify(deviceMessage(error, device), { kind: "error" });
    this.onChange();
  }
}
