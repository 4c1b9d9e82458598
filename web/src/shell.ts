// What surrounds every page: header, message area, <main>.
import { signInUrl } from "./api";
import { h, type Child } from "./dom";
import { language, setLanguage, t } from "./i18n";
import { displayName, session, signOut } from "./session";

const header = h("header", { class: "header" });
const text = h("div", { class: "message-text", testid: "message", role: "status", "aria-live": "polite" });
const actions = h("div", { class: "message-actions" });
const bar = h("div", { class: "message" }, text, actions);
const content = h("main", { class: "main", tabindex: "-1" });

export const main = (): HTMLElement => content;

export function mountShell(): void {
  document.getElementById("app")?.replaceChildren(header, bar, content);
}

interface MessageOptions {
  kind?: "info" | "error";
  action?: { label: string; run: () => void };
  /** Stays until it is replaced; errors and messages with an action always stay. */
  sticky?: boolean;
}

let timer: number | undefined;

export function notify(message: string, options: MessageOptions = {}): void {
  const { kind = "info", action, sticky = kind === "error" || action !== undefined } = options;
  window.clearTimeout(timer);
  bar.className = `message shown ${kind}`;
  text.textContent = message;
  actions.replaceChildren();
  if (action) {
    const run = (): void => {
      clearMessage();
      action.run();
    };
    actions.append(h("button", { type: "button", class: "button small", onclick: run }, action.label));
  }
  actions.append(
    h("button", { type: "button", class: "button small quiet", "aria-label": t("close"), onclick: clearMessage }, "✕"),
  );
  if (!sticky) timer = window.setTimeout(clearMessage, 6000);
}

export function clearMessage(): void {
  window.clearTimeout(timer);
  bar.className = "message";
  text.textContent = "";
  actions.replaceChildren();
}

/** Has assistive technology read a sentence that the page itself shows. */
export function announce(sentence: string): void {
  clearMessage();
  text.textContent = sentence;
}

export function signInLink(testid?: string): HTMLAnchorElement {
  return h("a", { class: "button primary", href: signInUrl(), testid }, t("signIn"));
}

export function drawHeader(redraw: () => void): void {
  const other = language() === "en" ? "fr" : "en";
  const change = (): void => {
    setLanguage(other);
    redraw();
  };
  const children: Child[] = [
    h("a", { class: "brand", href: "/", "data-nav": true }, "Meet"),
    h("span", { class: "spacer" }),
    session.user && h("span", { class: "who", testid: "who" }, displayName(session.user)),
    h("button", { type: "button", class: "button quiet", lang: other, onclick: change }, t("otherLanguage")),
    session.user
      ? h("button", { type: "button", class: "button", testid: "sign-out", onclick: signOut }, t("signOut"))
      : signInLink("sign-in"),
  ];
  header.replaceChildren(...children.filter((c): c is Node => c instanceof Node));
}

/** A page with a title, a sentence and what can be done next. */
export function statusPage(root: HTMLElement, title: string, sentence: string | null, ...next: Child[]): HTMLElement {
  document.title = `${title} – Meet`;
  const heading = h("h1", { tabindex: "-1" }, title);
  const page = h("section", { class: "card status" }, heading, sentence && h("p", {}, sentence), h("div", { class: "row" }, ...next));
  root.replaceChildren(page);
  heading.focus();
  announce(sentence ?? "");
  return page;
}

export const homeLink = (): HTMLAnchorElement => h("a", { class: "button", href: "/", "data-nav": true }, t("home"));

export const loading = (): HTMLElement => h("p", { class: "loading" }, t("loading"));
