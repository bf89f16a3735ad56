// The API as the canvas uses it. Whatever is refused is a `Refused`; where no answer came, `Unreachable` is thrown.
import type { CampaignDocument, Place } from "../model/document";
import { readJson, writeJson } from "../model/json";
import type { Kind, Port } from "../model/kinds";
import type { components } from "./schema";

type Shapes = components["schemas"];
export type Problem = Shapes["ProblemShape"];
export type Fix = Shapes["FixShape"];
export type Choices = Shapes["SettingChoicesShape"];
export type Lint = Omit<Shapes["DocumentLintShape"], "ports"> & { ports: { readonly [id: string]: readonly Port[] } };

export interface Draft {
  readonly document: CampaignDocument;
  readonly etag: string;
}

/** A draft that somebody else changed is refused part by part. */
type Details = Shapes["ProblemDetails"] & { readonly parts: readonly { readonly changed_by: string }[] };

export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly details: Partial<Details>,
    readonly etag: string,
    readonly waitSeconds: number,
  ) {
    super(details.detail ?? `${status}`);
  }
}

/** No answer came, or the server could not give one: then `status` says with what. */
export class Unreachable extends Error {
  constructor(
    message: string,
    readonly status = 0,
  ) {
    super(message);
  }
}

const isOfEarlierSession = (error: unknown): boolean => error instanceof Refused && error.details.code === "csrf_failed";

/** Nobody is signed in any more, or this page has no token of the session that there is. */
export const isSignedOut = (error: Refused): boolean => error.status === 401 || error.details.code === "csrf_failed";

/** The page was opened by somebody else than who is signed in. */
export const isOtherUser = (error: Refused): boolean => error.details.code === "other_user";

const PATIENCE = 30_000;

export interface Sent {
  readonly method?: string;
  readonly body?: unknown;
  readonly etag?: string;
  /** The ETag of what is known already: 304 is an answer then. */
  readonly known?: string;
  /** A key under which the same act is done once, however often it is sent. */
  readonly once?: string;
  readonly signal?: AbortSignal;
  /** Milliseconds after which no answer is waited for. */
  readonly patience?: number;
}

export class Client {
  constructor(
    private readonly root: string,
    private readonly language: string,
    private readonly token: () => string,
    /** Whose page this is: nothing is done in the name of somebody who signed in later. */
    private readonly user: string,
  ) {}

  async kinds(): Promise<Kind[]> {
    const shapes = (await this.json("activity-types/")) as Shapes["ActivityTypeShape"][];
    return shapes.map((shape) => ({ ...shape, settings: shape.settings as Kind["settings"] }));
  }

  async choices(): Promise<Choices> {
    return (await this.json("setting-choices/")) as Choices;
  }

  async draft(slug: string): Promise<Draft> {
    return drafted(await this.ask(`campaigns/${slug}/`));
  }

  async save(slug: string, document: CampaignDocument, etag: string): Promise<Draft> {
    return drafted(await this.ask(`campaigns/${slug}/?positions=kept`, { method: "PUT", body: document, etag }));
  }

  async place(slug: string, layout: { readonly [id: string]: Place | null }): Promise<void> {
    await this.ask(`campaigns/${slug}/layout/`, { method: "PATCH", body: { layout } });
  }

  async lint(document: CampaignDocument, signal: AbortSignal): Promise<Lint> {
    return (await this.json("lint/", { method: "POST", body: document, signal })) as Lint;
  }

  /** What an address of the API answers; `path` is relative to its root. */
  async json(path: string, sent: Sent = {}): Promise<unknown> {
    return said(await this.ask(path, sent));
  }

  /** What was sent with the token of an earlier session is sent once more with that of the present one. */
  async ask(path: string, sent: Sent = {}): Promise<Response> {
    const token = this.token();
    try {
      return await this.send(path, sent, token);
    } catch (error) {
      if (!isOfEarlierSession(error) || this.token() === token) throw error;
      return await this.send(path, sent, this.token());
    }
  }

  private async send(path: string, { method = "GET", body, etag, known, once, signal, patience }: Sent, token: string): Promise<Response> {
    const late = AbortSignal.timeout(patience ?? PATIENCE);
    const answer = await fetch(this.root + path, {
      method,
      headers: {
        Accept: "application/json",
        "Accept-Language": this.language,
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...(method === "GET" ? {} : { "X-CSRFToken": token }),
        "X-Opened-By": this.user,
        ...(etag ? { "If-Match": etag } : {}),
        ...(known ? { "If-None-Match": known } : {}),
        ...(once ? { "Idempotency-Key": once } : {}),
      },
      ...(body === undefined ? {} : { body: writeJson(body) }),
      signal: signal ? AbortSignal.any([signal, late]) : late,
      credentials: "same-origin",
      redirect: "error",
    }).catch((error: unknown) => {
      if (signal?.aborted) throw error;
      throw new Unreachable(String(error));
    });
    if (answer.ok || answer.status === 304) return answer;
    throw await refused(answer);
  }
}

/** What an answer says. One that breaks off, or is no JSON, is none. */
export async function said(answer: Response): Promise<unknown> {
  try {
    return readJson(await answer.text());
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Unreachable(String(error));
  }
}

async function drafted(answer: Response): Promise<Draft> {
  const document = (await said(answer)) as CampaignDocument;
  const etag = answer.headers.get("ETag");
  if (!etag) throw new Unreachable("an answer without its ETag");
  return { document, etag };
}

async function refused(answer: Response): Promise<Error> {
  if (answer.status >= 500) return new Unreachable(`${answer.status}`, answer.status);
  const details = (await said(answer).catch(() => ({}))) as Partial<Details>;
  const wait = Number(answer.headers.get("Retry-After") ?? 0) || 0;
  return new Refused(answer.status, details, answer.headers.get("ETag") ?? "", wait);
}
