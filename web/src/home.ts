import { api, signInUrl } from "./api";
import { h } from "./dom";
import { apiMessage } from "./errors";
import { t } from "./i18n";
import { myRooms } from "./roomlist";
import { navigate, type PageView } from "./router";
import { session } from "./session";
import { notify } from "./shell";

function randomName(): string {
  const letters = Array.from(crypto.getRandomValues(new Uint32Array(10)), (n) => String.fromCharCode(97 + (n % 26)));
  return [letters.slice(0, 3), letters.slice(3, 7), letters.slice(7)].map((part) => part.join("")).join("-");
}

function createCard(): HTMLElement {
  if (!session.user) {
    return h(
      "section",
      { class: "card" },
      h("h2", {}, t("newRoom")),
      h("p", { class: "muted" }, t("signInToCreate")),
      h("a", { class: "button primary", href: signInUrl() }, t("signIn")),
    );
  }
  const name = h("input", { id: "room-name", testid: "room-name", maxlength: 500, autocomplete: "off", "aria-describedby": "room-name-hint" });
  const button = h("button", { type: "submit", class: "button primary", testid: "create-room" }, t("createRoom"));
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    button.disabled = true;
    try {
      const room = await api.createRoom(name.value.trim() || randomName());
      navigate(`/${encodeURIComponent(room.slug)}`);
    } catch (error) {
      notify(apiMessage(error), { kind: "error" });
    } finally {
      button.disabled = false;
    }
  };
  return h(
    "section",
    { class: "card" },
    h("h2", {}, t("newRoom")),
    h(
      "form",
      { onsubmit: (event) => void submit(event) },
      h("label", { for: "room-name" }, t("roomName")),
      name,
      h("p", { class: "hint", id: "room-name-hint" }, t("roomNameHint")),
      button,
    ),
  );
}

/** The path of the room meant by a link of this site or by a name; null for another site. */
export function roomPath(input: string): string | null {
  const text = input.trim();
  const looksLikeLink = /^https?:\/\//i.test(text) || text.startsWith(`${location.host}/`);
  if (looksLikeLink) {
    try {
      const url = new URL(/^https?:/i.test(text) ? text : `${location.protocol}//${text}`);
      return url.host === location.host ? url.pathname : null;
    } catch {
      return null;
    }
  }
  const slug = text
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, "-")
    .replace(/^-+|-+$/g, "");
  return `/${slug}`;
}

function joinCard(): HTMLElement {
  const target = h("input", { id: "join-target", testid: "join-target", autocomplete: "off", autocapitalize: "none", spellcheck: "false" });
  const submit = (event: Event): void => {
    event.preventDefault();
    const path = roomPath(target.value);
    if (path === null) notify(t("joinOtherSite"), { kind: "error" });
    else if (path === "/") notify(t("joinEmpty"), { kind: "error" });
    else navigate(path);
    if (path === null || path === "/") target.focus();
  };
  return h(
    "section",
    { class: "card" },
    h("h2", {}, t("joinRoom")),
    h(
      "form",
      { onsubmit: submit },
      h("label", { for: "join-target" }, t("joinTarget")),
      target,
      h("p", { class: "hint" }, `${location.origin}/abc-defg-hij`),
      h("button", { type: "submit", class: "button", testid: "join-target-go" }, t("go")),
    ),
  );
}

export const homePage: PageView = (root, signal) => {
  document.title = "Meet";
  root.append(
    h("div", { class: "hero" }, h("h1", {}, t("tagline")), h("p", { class: "muted" }, t("intro"))),
    h("div", { class: "cards" }, createCard(), joinCard()),
  );
  if (session.user) root.append(myRooms(session.user, signal));
};
