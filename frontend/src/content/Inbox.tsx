import type { ShownEmail } from "./api";
import { c } from "./messages";

interface Props {
  readonly shown: ShownEmail | null;
  readonly subject: string;
  readonly preheader: string;
}

/** The e-mail as one line of an inbox; until it is rendered, as it is written. */
export function Inbox({ shown, subject, preheader }: Props) {
  const sender = shown?.sender.name || shown?.sender.address || "";
  const from = sender || (shown ? c.noSender : "…");
  const words = shown ? shown.subject : subject;
  const beside = (shown ? shown.preheader || firstWords(shown.text) : preheader).trim();
  return (
    <span className="ct-inbox">
      <span className="ct-avatar" aria-hidden="true">
        {(sender.trim()[0] ?? "@").toUpperCase()}
      </span>
      <span className="ct-inbox-words">
        <span className="ct-inbox-sender">
          <span>{from}</span>
          <small>{c.now}</small>
        </span>
        <strong className={words.trim() ? "" : "ct-empty"}>{words.trim() || c.noSubject}</strong>
        <span className="ct-inbox-beside">{beside}</span>
      </span>
    </span>
  );
}

/** Without a preheader mail programs show how the message begins. */
const firstWords = (text: string): string => text.replace(/<(?:https?:|#)[^>]*>/g, "").replace(/\s+/g, " ").slice(0, 140);
