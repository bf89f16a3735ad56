// What the page tells the application beside what it asks the API.

export interface Link {
  readonly label: string;
  readonly icon: string;
  readonly url: string;
  readonly tone: string;
}

export interface Told {
  readonly slug: string;
  readonly name: string;
  readonly state: string;
  readonly language: string;
  readonly mayEdit: boolean;
  readonly user: string;
  readonly csrfCookie: string;
  readonly api: string;
  readonly form: string;
  /** The list of all campaigns. */
  readonly home: Link;
  readonly flow: string;
  /** Where a rendered message is sent to be shown in a frame. */
  readonly frame: string;
  readonly places: readonly Link[];
  readonly acts: readonly Link[];
  /** Addresses of the campaign's pages by name. */
  readonly pages: { readonly [name: string]: string };
}

export const readTold = (): Told =>
  JSON.parse(document.getElementById("canvas-told")?.textContent ?? "{}") as Told;

/** Read anew each time, for whoever signs in again gets another. Of a cookie that no script may read the page brought a copy. */
export const csrfToken = (): string =>
  cookieIn(document.cookie, readTold().csrfCookie) ||
  (document.querySelector<HTMLInputElement>("input[name=csrfmiddlewaretoken]")?.value ?? "");

export function cookieIn(cookies: string, name: string): string {
  const found = cookies.split("; ").find((each) => each.startsWith(`${name}=`));
  return found?.slice(name.length + 1) ?? "";
}

/** The activity that an address names behind its #; ids need no escapes, so that what is none names nothing. */
export const linkedActivity = (hash: string): string => /^#([a-z0-9_-]+)$/.exec(hash)?.[1] ?? "";
