// Choice of camera, microphone and speaker, remembered in this browser.
import { h, store } from "./dom";
import { hasMediaDevices } from "./errors";
import { t, type Key } from "./i18n";

const names: Record<MediaDeviceKind, Key> = { videoinput: "camera", audioinput: "microphone", audiooutput: "speaker" };

export const chosenDevice = (kind: MediaDeviceKind): string | undefined => store.get(kind) || undefined;

export const canChooseSpeaker = (): boolean => hasMediaDevices() && "setSinkId" in HTMLMediaElement.prototype;

/** A labelled <select> of the devices of a kind, kept up to date until the signal aborts. */
export function deviceSelect(kind: MediaDeviceKind, onChoice: (id: string) => void, signal: AbortSignal): HTMLElement {
  const id = `device-${kind}`;
  const select = h("select", { id });
  select.addEventListener("change", () => {
    store.set(kind, select.value);
    onChoice(select.value);
  });
  const fill = async (): Promise<void> => {
    const all = hasMediaDevices() ? await navigator.mediaDevices.enumerateDevices().catch(() => []) : [];
    const found = all.filter((device) => device.kind === kind);
    const options = found.map((device, index) =>
      h("option", { value: device.deviceId }, device.label || t("deviceNumber", { kind: t(names[kind]), number: index + 1 })),
    );
    select.disabled = options.length === 0;
    select.replaceChildren(...(options.length ? options : [h("option", { value: "" }, t("deviceNone"))]));
    const chosen = chosenDevice(kind);
    if (chosen && found.some((device) => device.deviceId === chosen)) select.value = chosen;
  };
  void fill();
  if (hasMediaDevices()) navigator.mediaDevices.addEventListener("devicechange", () => void fill(), { signal });
  // Labels become readable once the browser has granted access.
  window.addEventListener("meet-devices", () => void fill(), { signal });
  return h("div", { class: "field" }, h("label", { for: id }, t(names[kind])), select);
}

export const refreshDevices = (): boolean => window.dispatchEvent(new Event("meet-devices"));
