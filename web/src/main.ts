import { setLogLevel } from "livekit-client";
import { apiMessage } from "./errors";
import { homePage } from "./home";
import { t } from "./i18n";
import { roomPage } from "./roompage";
import { startRouter, type PageView } from "./router";
import { loadSession, trySilentSignIn, wasRefused } from "./session";
import { homeLink, loading, main, mountShell, notify, statusPage } from "./shell";
import { h } from "./dom";

const notFoundPage: PageView = (root) => {
  statusPage(root, t("notFoundTitle"), null, homeLink());
};

function pageOf(path: string): PageView {
  const slug = path.replace(/^\/|\/$/g, "");
  if (!slug) return homePage;
  if (slug.includes("/")) return notFoundPage;
  try {
    return roomPage(decodeURIComponent(slug));
  } catch {
    return notFoundPage;
  }
}

async function boot(): Promise<void> {
  main().replaceChildren(loading());
  try {
    await loadSession();
  } catch (error) {
    const retry = h("button", { type: "button", class: "button primary", testid: "retry", onclick: () => void boot() }, t("retry"));
    statusPage(main(), t("startFailedTitle"), apiMessage(error), retry);
    return;
  }
  if (trySilentSignIn()) return;
  const refused = wasRefused();
  startRouter(pageOf);
  if (refused) notify(t("signInRefused"), { kind: "error" });
}

setLogLevel("warn");
window.addEventListener("error", () => notify(t("unexpected"), { kind: "error" }));
mountShell();
void boot();
