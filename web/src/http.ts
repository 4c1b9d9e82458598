// Requests to the server, which is on the same origin.

/** An answer other than 2xx, or no answer at all (status 0). */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly body: unknown = null,
    /** Milliseconds after which the server wants to be asked again. */
    readonly retryAfter = 0,
  ) {
    super(`API error ${status}`);
  }
}

/** Whether the same request may succeed a little later. */
export function isPassing(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 0 || error.status === 408 || error.status === 429 || error.status >= 500);
}

export interface Options {
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
  /** Milliseconds after which no answer is expected any more. */
  timeout?: number;
}

export interface Answer<T> {
  status: number;
  etag: string | null;
  /** Null with status 304. */
  data: T;
}

export const prefix = "/api/v1.0";

function csrfToken(): string | null {
  const value = /(?:^|;\s*)csrftoken=([^;]*)/.exec(document.cookie)?.[1];
  return value ? decodeURIComponent(value) : null;
}

function headersOf(method: string, { body, headers }: Options): Record<string, string> {
  const all: Record<string, string> = { Accept: "application/json", ...headers };
  if (body !== undefined) all["Content-Type"] = "application/json";
  const token = method === "GET" ? null : csrfToken();
  if (token) all["X-CSRFToken"] = token;
  return all;
}

/** AbortSignal.any, which browsers before 2024 do not have. */
function limited(timeout: number, signal?: AbortSignal): { signal: AbortSignal; end: () => void } {
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  const timer = window.setTimeout(stop, timeout);
  signal?.addEventListener("abort", stop);
  if (signal?.aborted) stop();
  const end = (): void => {
    window.clearTimeout(timer);
    signal?.removeEventListener("abort", stop);
  };
  return { signal: controller.signal, end };
}

/** Retry-After is a number of seconds or a date. */
function retryAfter(answer: Response): number {
  const header = answer.headers.get("Retry-After");
  if (!header) return 0;
  const milliseconds = Number.isNaN(Number(header)) ? Date.parse(header) - Date.now() : Number(header) * 1000;
  return Math.max(0, milliseconds || 0);
}

async function exchange(method: string, path: string, options: Options): Promise<[Response, string]> {
  const limit = limited(options.timeout ?? 20_000, options.signal);
  try {
    const answer = await fetch(prefix + path, {
      method,
      headers: headersOf(method, options),
      body: options.body === undefined ? undefined : JSON.stringify(options.body),
      credentials: "include",
      cache: "no-store",
      signal: limit.signal,
    });
    return [answer, await answer.text()];
  } catch {
    throw new ApiError(0);
  } finally {
    limit.end();
  }
}

export async function send<T>(method: string, path: string, options: Options = {}): Promise<Answer<T>> {
  const [answer, text] = await exchange(method, path, options);
  let data: unknown = null;
  try {
    data = text ? JSON.parse(text) : null;
  } catch {
    if (answer.ok) throw new ApiError(502); // not from the API: some proxy answered
  }
  if (!answer.ok && answer.status !== 304) throw new ApiError(answer.status, data, retryAfter(answer));
  return { status: answer.status, etag: answer.headers.get("ETag"), data: data as T };
}

export async function request<T>(method: string, path: string, options: Options = {}): Promise<T> {
  return (await send<T>(method, path, options)).data;
}
