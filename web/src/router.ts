// History API routing: each page draws into a fresh <main> and stops when its signal aborts.
import { h } from "./dom";
import { t } from "./i18n";
import { notify, clearMessage, drawHeader, main } from "./shell";

export type PageView = (root: HTMLElement, signal: AbortSignal) => void | Promise<void>;

let routes: (path: string) => PageView = () => () => undefined;
let running = new AbortController();

export function startRouter(table: (path: string) => PageView): void {
  routes = table;
  window.addEventListener("popstate", () => draw());
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("a[data-nav]") : null;
    if (!link || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    navigate(link.pathname);
  });
  draw();
}

/** Goes to a path of this site; the query (such as "nosilent") stays. */
export function navigate(path: string): void {
  history.pushState(null, "", path + location.search);
  draw();
  window.scrollTo(0, 0);
  main().focus();
}

export function draw(): void {
  running.abort();
  running = new AbortController();
  const { signal } = running;
  const root = main();
  root.replaceChildren();
  clearMessage();
  drawHeader(draw);
  void (async () => {
    try {
      await routes(location.pathname)(root, signal);
    } catch (error) {
      console.error(error);
      if (signal.aborted) return;
      if (!root.firstChild) root.append(h("h1", {}, "Meet"));
      notify(t("unexpected"), { kind: "error", action: { label: t("retry"), run: draw } });
    }
  })();
}
