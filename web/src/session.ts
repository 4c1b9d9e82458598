// Who is visiting, and what the server offers.
import { api, signInUrl, signOutUrl, type Config, type User } from "./api";
import { store } from "./dom";

export const session: { config: Config; user: User | null } = { config: {}, user: null };

export async function loadSession(): Promise<void> {
  [session.config, session.user] = await Promise.all([api.config(), api.me()]);
}

export const displayName = (user: User): string => user.full_name || user.short_name || user.email || user.id;

const silentKey = "silent-login";
const silentPause = 30_000;

/**
 * Sends a visitor who is not signed in to the identity provider, unseen, which returns to this
 * page either way. Says whether the page is being left. A page reached by such a return never
 * tries again by itself, and signing out ends the attempts of this tab.
 */
export function trySilentSignIn(): boolean {
  if (session.user || !session.config.is_silent_login_enabled) return false;
  if (new URLSearchParams(location.search).has("nosilent")) return false;
  const last = store.get(silentKey, "sessionStorage") ?? "";
  if (last === "off") return false;
  if (last === "pending" || Date.now() - Number(last) < silentPause) {
    if (last === "pending") store.set(silentKey, String(Date.now()), "sessionStorage");
    return false;
  }
  if (!store.set(silentKey, "pending", "sessionStorage")) return false;
  location.replace(signInUrl(true));
  return true;
}

/**
 * Says whether the visitor comes back from a sign-in that was refused, as the server's default of
 * LOGIN_REDIRECT_URL_FAILURE tells, and takes that out of the address: reloading starts afresh.
 */
export function wasRefused(): boolean {
  const here = new URL(location.href);
  if (here.searchParams.get("sign-in") !== "refused") return false;
  here.searchParams.delete("sign-in");
  history.replaceState(history.state, "", here);
  return true;
}

export function signOut(): void {
  store.set(silentKey, "off", "sessionStorage");
  location.assign(signOutUrl);
}
