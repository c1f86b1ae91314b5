// Requests to the server. An answer is a value: the body, or a problem with the domain's own code; never an exception.
import type { Problem } from './types';

export type Answer<Body> = { ok: true; body: Body } | { ok: false; problem: Problem };

/** No answer came: nothing is known of what became of the request. */
export const NO_LINK: Problem = { title: 'No link', status: 0, code: 'no_link' };

const PATIENCE_MS = 15_000;

export async function request<Body>(
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
  signal?: AbortSignal,
  patience_ms = PATIENCE_MS,
): Promise<Answer<Body>> {
  const timeout = AbortSignal.timeout(patience_ms);
  try {
    const answer = await fetch(path, {
      method,
      headers: body === undefined ? headers : { ...headers, 'content-type': typeof body === 'string' ? 'text/plain' : 'application/json' },
      body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    });
    const text = await answer.text();
    const said = text === '' ? undefined : (JSON.parse(text) as unknown);
    if (answer.ok) return { ok: true, body: said as Body };
    const problem = said as Partial<Problem> | undefined;
    return { ok: false, problem: { title: '', ...problem, code: problem?.code ?? `http_${answer.status}`, status: answer.status } };
  } catch {
    return { ok: false, problem: NO_LINK };
  }
}

export const get = <Body>(path: string, signal?: AbortSignal, patience_ms?: number): Promise<Answer<Body>> =>
  request<Body>('GET', path, undefined, {}, signal, patience_ms);

export const post = <Body>(path: string, body: unknown, signal?: AbortSignal): Promise<Answer<Body>> =>
  request<Body>('POST', path, body, {}, signal);
