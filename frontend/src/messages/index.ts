// The catalogue in the language of the page.
import type { Reason } from "../model/connecting";
import { en } from "./en";
import { ko } from "./ko";

export type Messages = typeof en;

/** One catalogue's texts in the language named; English where it has not been translated. */
export const inLanguage = <T>(language: string, english: T, korean: T): T => (language.slice(0, 2) === "ko" ? korean : english);

/** One catalogue's texts in the language of the page. */
export const catalogue = <T>(english: T, korean: T): T =>
  inLanguage(typeof document === "undefined" ? "en" : document.documentElement.lang, english, korean);

export const t: Messages = catalogue<Messages>(en, ko);

export function inWords(reason: Reason, messages: Messages = t): string {
  const sentences = messages.reason;
  switch (reason.why) {
    case "no_port":
    case "leads_back":
    case "port_taken":
    case "takes_none":
    case "circle":
      return sentences[reason.why](reason.name);
    case "too_many":
      return sentences.too_many(reason.name, reason.most);
    default:
      return sentences[reason.why];
  }
}
