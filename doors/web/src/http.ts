// How the web application asks the server: JSON, the token against forged requests, and errors in plain words.

/** What the server refused, or that it could not be reached (`unreachable`). */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly body: unknown = null,
  ) {
    super(message);
  }
}

/** What was asked for is not there, or not there any more. */
export const isMissing = (error: unknown): boolean => error instanceof ApiError && error.status === 404;

type Ask = {
  json?: unknown;
  body?: Blob;
  headers?: Record<string, string>;
  signal?: AbortSignal;
  keepalive?: boolean;
};

let token = '';
let whenSignedOut: () => void = () => {};

export function useToken(value: string): void {
  token = value;
}

/** Called when a session has ended while somebody was working. */
export function onSignedOut(then: () => void): void {
  whenSignedOut = then;
}

export async function request(method: string, path: string, ask: Ask = {}): Promise<Response> {
  const headers: Record<string, string> = { ...ask.headers };
  if (method !== 'GET') headers['X-Stipple-Token'] = token;
  if (ask.json !== undefined) headers['Content-Type'] = 'application/json';
  const body = ask.json !== undefined ? JSON.stringify(ask.json) : (ask.body ?? null);
  let response: Response;
  try {
    response = await fetch(`/api${path}`, {
      method,
      headers,
      body,
      credentials: 'same-origin',
      keepalive: ask.keepalive ?? false,
      ...(ask.signal ? { signal: ask.signal } : {}),
    });
  } catch (error) {
    if (ask.signal?.aborted) throw error;
    throw new ApiError(0, 'unreachable', 'The program does not answer.');
  }
  if (!response.ok) throw await errorOf(response);
  return response;
}

export async function call<T>(method: string, path: string, json?: unknown, signal?: AbortSignal, headers: Record<string, string> = {}): Promise<T> {
  const response = await request(method, path, { json, headers, ...(signal ? { signal } : {}) });
  if (response.status === 204) return undefined as T;
  const text = await response.text();
  return (text ? JSON.parse(text) : undefined) as T;
}

async function errorOf(response: Response): Promise<ApiError> {
  const body = await response.json().catch(() => null);
  const error = (body as { error?: { code?: string; message?: string } } | null)?.error;
  const code = error?.code ?? 'unknown';
  if (code === 'signed_out') whenSignedOut();
  return new ApiError(response.status, code, error?.message ?? `${response.status} ${response.statusText}`, body);
}
