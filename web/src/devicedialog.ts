// The dialog of devices during a meeting.
import type { Room } from "livekit-client";
import { canChooseSpeaker, deviceSelect } from "./devices";
import { h } from "./dom";
import { deviceMessage } from "./errors";
import { t } from "./i18n";
import { notify } from "./shell";

export function deviceDialog(room: Room, signal: AbortSignal): HTMLDialogElement {
  const change = async (kind: MediaDeviceKind, id: string): Promise<void> => {
    try {
      await room.switchActiveDevice(kind, id);
    } catch (error) {
      dialog.close();
      notify(deviceMessage(error, kind === "videoinput" ? "camera" : "microphone"), { kind: "error" });
    }
  };
  const select = (kind: MediaDeviceKind): HTMLElement => deviceSelect(kind, (id) => void change(kind, id), signal);
  const dialog = h(
    "dialog",
    { class: "card", "aria-label": t("devices") },
    h("h2", {}, t("devices")),
    select("videoinput"),
    select("audioinput"),
    canChooseSpeaker() && select("audiooutput"),
    h("button", { type: "button", class: "button primary wide", onclick: () => dialog.close() }, t("close")),
  );
  return dialog;
}
