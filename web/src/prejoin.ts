// Before joining: name, preview, devices.
import { roomLink, signInUrl, titleOf, type Room } from "./api";
import { canChooseSpeaker, deviceSelect } from "./devices";
import { h, icon, store } from "./dom";
import { t } from "./i18n";
import { Preview } from "./preview";
import { copyLink } from "./roomlist";
import { displayName, session } from "./session";
import { notify } from "./shell";

export interface Choices {
  name: string;
  camera: boolean;
  microphone: boolean;
}

export const rememberedName = (): string => store.get("name") || (session.user ? displayName(session.user) : "");

/** What a visitor who has to wait at the door should know. */
function doorHint(room: Room): HTMLElement {
  const hint = h("p", { class: "hint", testid: "knock-hint" }, t("knockHint"));
  if (session.user) return hint;
  const who = room.access_level === "trusted" ? t("knockTrusted") : t("knockRestricted");
  hint.append(` ${who} `, h("a", { href: signInUrl() }, t("signIn")));
  return hint;
}

/** Draws the form; `onJoin` resolves to false when the visitor has to stay on it. */
export function prejoin(root: HTMLElement, room: Room, onJoin: (choices: Choices) => Promise<boolean>, pageSignal: AbortSignal): void {
  const title = room.name || room.slug;
  document.title = titleOf(room);
  const here = new AbortController();
  const { signal } = here;

  const toggle = (input: "camera" | "microphone"): HTMLButtonElement =>
    h("button", {
      type: "button",
      class: "toggle",
      testid: `prejoin-${input}`,
      "aria-label": t(input),
      title: t(input),
      onclick: () => void preview.toggle(input),
    });
  const camera = toggle("camera");
  const microphone = toggle("microphone");
  const update = (): void => {
    camera.setAttribute("aria-pressed", String(preview.wanted.camera));
    camera.replaceChildren(icon("camera", !preview.wanted.camera));
    microphone.setAttribute("aria-pressed", String(preview.wanted.microphone));
    microphone.replaceChildren(icon("mic", !preview.wanted.microphone));
  };
  const preview = new Preview(update);
  preview.element.append(h("div", { class: "preview-buttons" }, microphone, camera));
  update();

  const leavePage = (): void => {
    preview.stop();
    here.abort();
  };
  pageSignal.addEventListener("abort", leavePage, { once: true });

  const name = h("input", {
    id: "display-name",
    testid: "display-name",
    autocomplete: "name",
    maxlength: 100,
    value: rememberedName(),
    oninput: () => void store.set("name", name.value.trim()),
  });
  const door = !room.livekit;
  const joinLabel = door ? t("askToJoin") : t("join");
  const join = h("button", { type: "submit", class: "button primary wide", testid: "join", "data-mode": door ? "knock" : "join" }, joinLabel);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (!name.value.trim()) {
      notify(t("nameNeeded"), { kind: "error" });
      name.focus();
      return;
    }
    join.disabled = true;
    join.textContent = door ? t("asking") : t("joining");
    const { camera, microphone } = preview.wanted;
    if (await onJoin({ name: name.value.trim(), camera, microphone })) {
      leavePage();
      pageSignal.removeEventListener("abort", leavePage);
    } else {
      join.disabled = false;
      join.textContent = joinLabel;
    }
  };

  const form = h(
    "form",
    { class: "card", onsubmit: (event) => void submit(event) },
    h("h1", {}, title),
    h("p", { class: "hint" }, t("roomLink")),
    h(
      "div",
      { class: "link-line" },
      h("span", { class: "link-text", testid: "room-link" }, roomLink(room.slug)),
      h("button", { type: "button", class: "button small", onclick: () => void copyLink(room.slug) }, t("copyLink")),
    ),
    h("label", { for: "display-name" }, t("yourName")),
    name,
    join,
    door && doorHint(room),
  );
  const devices = h(
    "div",
    { class: "device-row" },
    deviceSelect("videoinput", () => preview.wanted.camera && void preview.set("camera", true), signal),
    deviceSelect("audioinput", () => preview.wanted.microphone && void preview.set("microphone", true), signal),
    canChooseSpeaker() && deviceSelect("audiooutput", () => undefined, signal),
  );
  root.replaceChildren(h("div", { class: "prejoin" }, h("div", {}, preview.element, devices), form));
  void preview.start();
}
