// The colour of a person: given by the server, checked before use.
import { h } from "./dom";

const fallback = { hue: 252, saturation: 69, lightness: 45 };

type Hsl = typeof fallback;

function parse(text: string | undefined): Hsl {
  const [hue, saturation, lightness] = /^hsl\((\d{1,3}), (\d{1,3})%, (\d{1,3})%\)$/.exec(text ?? "")?.slice(1).map(Number) ?? [];
  if (hue === undefined || saturation === undefined || lightness === undefined) return fallback;
  const plausible = hue <= 360 && saturation >= 50 && saturation <= 79 && lightness >= 20 && lightness <= 60;
  return plausible ? { hue, saturation, lightness } : fallback;
}

/** Relative luminance as WCAG defines it. */
function luminance({ hue, saturation, lightness }: Hsl): number {
  const [s, l] = [saturation / 100, lightness / 100];
  const channel = (n: number): number => {
    const k = (n + hue / 30) % 12;
    const value = l - s * Math.min(l, 1 - l) * Math.max(-1, Math.min(k - 3, 9 - k, 1));
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(0) + 0.7152 * channel(8) + 0.0722 * channel(4);
}

/** Paints the background, with letters that can be read on it. */
export function paint(element: HTMLElement, text: string | undefined): void {
  if (element.dataset.colour === (text ?? "")) return;
  element.dataset.colour = text ?? "";
  const colour = parse(text);
  element.style.backgroundColor = `hsl(${colour.hue}, ${colour.saturation}%, ${colour.lightness}%)`;
  element.style.color = luminance(colour) > 0.179 ? "#0d0f15" : "#ffffff";
}

export const initialOf = (name: string): string => ([...name.trim()][0] ?? "").toUpperCase();

export function avatar(name: string, colour: string | undefined): HTMLElement {
  const element = h("span", { class: "avatar", "aria-hidden": "true" }, initialOf(name));
  paint(element, colour);
  return element;
}
