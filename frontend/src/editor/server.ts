// Talking to the step endpoint. What is refused comes back as Refusal, with the server's own words.
export interface RemoteStep {
  n: number;
  step: Record<string, unknown>;
  by: number | null;
  by_name: string;
  at: string;
  batch: string;
}
export interface SectionAnswer {
  uuid: string;
  title: string;
  doc: Record<string, unknown>;
  version: number;
  schema_version: number;
  refs: Refs;
  can_edit: boolean;
  only_suggest: boolean;
  suggestions: Record<string, { by: number; name: string; at: string }>;
  frozen: boolean;
  removed: boolean;
  locked: string;
}
export interface StepsAnswer {
  version: number;
  steps: RemoteStep[];
  can_edit?: boolean;
  frozen?: boolean;
  removed?: boolean;
  locked?: string;
}
export type Refs = Record<string, { code: string; title: string; kind: string }>;

export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly data: Record<string, unknown>,
  ) {
    super(message);
  }
  /** Signed out (or the sign-in has changed): nothing wrong with the text, and it can be sent again. */
  get signedOut(): boolean {
    return this.status === 401 || (this.status === 403 && this.code !== "forbidden");
  }
}

export class NoContact extends Error {}

// The token changes when somebody signs in again in another tab, so the cookie comes first.
const csrf = (fallback: string): string => /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? fallback;

const TIMEOUT = 20_000;

/** `person`: for whom the page was opened; the server refuses when somebody else has signed in since. */
export const ask = async <T>(url: string, token: string, options: RequestInit = {}, person: number | string = ""): Promise<T> => {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (person) headers["X-Rus-Person"] = String(person);
  if (options.method === "POST") headers["X-CSRFToken"] = csrf(token);
  if (typeof options.body === "string") headers["Content-Type"] = "application/json";
  let response: Response;
  let data: Record<string, unknown>;
  try {
    response = await fetch(url, { credentials: "same-origin", redirect: "error", signal: AbortSignal.timeout(TIMEOUT), ...options, headers });
    if (response.status >= 500 || response.status === 429) throw new NoContact(String(response.status));
    data = (await response.json()) as Record<string, unknown>;
  } catch (error) {
    throw error instanceof NoContact ? error : new NoContact(String(error));
  }
  if (response.ok) return data as T;
  throw new Refusal(response.status, String(data.code ?? ""), String(data.message ?? data.detail ?? response.status), data);
};
