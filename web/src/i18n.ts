import { store } from "./dom";
import { en } from "./locales/en";
import { fr } from "./locales/fr";

export type Key = keyof typeof en;
export type Language = "en" | "fr";

const tables: Record<Language, Record<Key, string>> = { en, fr };

function initial(): Language {
  const chosen = store.get("language");
  if (chosen === "en" || chosen === "fr") return chosen;
  return navigator.language.toLowerCase().startsWith("fr") ? "fr" : "en";
}

let current: Language = initial();
document.documentElement.lang = current;

export const language = (): Language => current;

export function setLanguage(value: Language): void {
  current = value;
  store.set("language", value);
  document.documentElement.lang = value;
}

/** The text of a key, with {names} replaced by the given values. */
export function t(key: Key, values: Record<string, string | number> = {}): string {
  return tables[current][key].replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
