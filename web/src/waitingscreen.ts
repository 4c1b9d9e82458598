// At the door: somebody in the meeting decides.
import { keyOf, type Room } from "./api";
import { h } from "./dom";
import { t, type Key } from "./i18n";
import { knock, type Decision, type Mood } from "./knock";
import { announce } from "./shell";

const notes: Record<Mood, Key | null> = { waiting: null, unreachable: "waitingUnreachable", busy: "waitingBusy" };

function draw(root: HTMLElement, name: string, room: Room, note: HTMLElement, onCancel: () => void): void {
  const dots = h("div", { class: "dots", "aria-hidden": "true" }, h("span"), h("span"), h("span"));
  const heading = h("h1", { tabindex: "-1" }, t("waitingTitle"));
  const cancel = h("button", { type: "button", class: "button", testid: "waiting-cancel", onclick: onCancel }, t("cancel"));
  document.title = `${t("waitingTitle")} – Meet`;
  root.replaceChildren(
    h(
      "section",
      { class: "card status", testid: "waiting-screen" },
      dots,
      heading,
      h("p", {}, t("waitingText", { room: room.name || room.slug })),
      h("p", { class: "muted" }, t("waitingAs", { name })),
      note,
      h("div", { class: "row" }, cancel),
    ),
  );
  heading.focus();
  announce(t("waitingText", { room: room.name || room.slug }));
}

/** Waits until somebody decides; null when the visitor changes their mind or leaves the page. */
export async function waitAtDoor(
  root: HTMLElement,
  room: Room,
  name: string,
  pageSignal: AbortSignal,
  refusedAt?: number,
): Promise<Decision | null> {
  const here = new AbortController();
  const stop = (): void => here.abort();
  pageSignal.addEventListener("abort", stop);
  const note = h("p", { class: "hint", role: "status", testid: "waiting-note" });
  const show = (mood: Mood): void => {
    const key = notes[mood];
    const sentence = key ? t(key) : "";
    if (note.textContent !== sentence) note.textContent = sentence;
  };
  draw(root, name, room, note, stop);
  try {
    return await knock(keyOf(room), name, here.signal, show, refusedAt);
  } catch (error) {
    if (here.signal.aborted) return null;
    throw error;
  } finally {
    pageSignal.removeEventListener("abort", stop);
  }
}
