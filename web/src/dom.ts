// A tiny helper to build elements: no innerHTML, so data is never read as markup.

type Value = string | number | boolean | null | undefined | ((event: Event) => void);
export type Props = Record<string, Value>;
export type Child = Node | string | null | undefined | false;

function apply(el: Element, props: Props): void {
  for (const [key, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") el.addEventListener(key.replace(/^on/, ""), value);
    else if (key === "testid") el.setAttribute("data-testid", String(value));
    else if (key === "value" && "value" in el) el.value = String(value);
    else el.setAttribute(key, value === true ? "" : String(value));
  }
}

export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const el = document.createElement(tag);
  el.append(...children.filter((c): c is Node | string => c !== null && c !== undefined && c !== false));
  apply(el, props); // after the children, so that "value" works on a select
  return el;
}

const paths = {
  mic: "M12 3a3 3 0 0 0-3 3v6a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3zM6 11v1a6 6 0 0 0 12 0v-1M12 18v3",
  camera: "M4 7h9a2 2 0 0 1 2 2v6a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2V9a2 2 0 0 1 2-2zM15 11l6-3v8l-6-3",
  screen: "M4 4h16a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1zM8 20h8M12 13V7M9.5 9.5 12 7l2.5 2.5",
  link: "M10 14a4 4 0 0 0 6 .5l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6-.5l-3 3a4 4 0 0 0 6 6l1-1",
  devices: "M4 7h9M19 7h1M4 17h1M11 17h9M16 5v4M8 15v4",
  leave: "M14 4H6a1 1 0 0 0-1 1v14a1 1 0 0 0 1 1h8M10 12h10M17 9l3 3-3 3",
  hand: "M8 13V6a1.5 1.5 0 0 1 3 0v5M11 11V4.5a1.5 1.5 0 0 1 3 0V11M14 11V6a1.5 1.5 0 0 1 3 0v8a7 7 0 0 1-7 7c-2.5 0-4-1-5.2-3.2L3 14.3a1.5 1.5 0 0 1 2.5-1.6L8 15.5",
  people: "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20a6.5 6.5 0 0 1 13 0M16 4.3a3.5 3.5 0 0 1 0 6.4M18 14.2a6.5 6.5 0 0 1 3.5 5.8",
  settings: "M12 18a6 6 0 1 0 0-12 6 6 0 0 0 0 12zM12 6V3M12 21v-3M6 12H3M21 12h-3M7.8 7.8 5.6 5.6M18.4 18.4l-2.2-2.2M7.8 16.2l-2.2 2.2M18.4 5.6l-2.2 2.2",
  remove: "M10 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM3.5 20a6.5 6.5 0 0 1 13 0M16 8h6",
  close: "M6 6l12 12M18 6 6 18",
  slash: "M4 4l16 16",
};
export type IconName = keyof typeof paths;

export function icon(name: IconName, slashed = false): SVGElement {
  const ns = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(ns, "svg");
  apply(svg, { viewBox: "0 0 24 24", class: "icon", "aria-hidden": "true", focusable: "false" });
  for (const d of slashed ? [paths[name], paths.slash] : [paths[name]]) {
    const path = document.createElementNS(ns, "path");
    path.setAttribute("d", d);
    svg.append(path);
  }
  return svg;
}

/** Storage may be refused by the browser; the page works without it. */
export const store = {
  get(key: string, area: "localStorage" | "sessionStorage" = "localStorage"): string | null {
    try {
      return window[area].getItem(`meet.${key}`);
    } catch {
      return null;
    }
  },
  set(key: string, value: string, area: "localStorage" | "sessionStorage" = "localStorage"): boolean {
    try {
      window[area].setItem(`meet.${key}`, value);
      return true;
    } catch {
      return false;
    }
  },
};

export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = h("textarea", { class: "visually-hidden", value: text });
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}
