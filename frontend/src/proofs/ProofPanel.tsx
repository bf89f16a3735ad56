import { useId, useState } from "react";
import type { Problem } from "../api/client";
import { Refused } from "../api/client";
import { ProblemTexts } from "../drawer/Field";
import { useStore } from "../ui/context";
import { Icon } from "../ui/Icon";
import type { Message, Proofs } from "./api";
import { sendProof } from "./api";
import type { Medium } from "./addresses";
import { addressesIn, keptAddresses, keepAddresses } from "./addresses";
import { w } from "./messages";
import "./proofs.css";

type Sending =
  | { readonly is: "idle" }
  | { readonly is: "sending" }
  | { readonly is: "done"; readonly proofs: Proofs["proofs"] }
  | { readonly is: "refused"; readonly problems: readonly Problem[] }
  | { readonly is: "failed"; readonly words: string };

interface Props {
  readonly message: Message;
  readonly medium: Medium;
  /** Whom it is rendered for, by key, and what they are called. */
  readonly recipient: string;
  readonly name: string;
  readonly hasErrors: boolean;
}

/** A proof is made of what is saved, so that comes first. */
export function ProofPanel({ message, medium, recipient, name, hasErrors }: Props) {
  const store = useStore();
  const id = useId();
  const [to, setTo] = useState(() => keptAddresses(store.told.user, medium));
  const [sending, setSending] = useState<Sending>({ is: "idle" });
  const addresses = addressesIn(to);
  const isOff = hasErrors || addresses.length === 0 || sending.is === "sending" || !store.mayEdit;

  const send = async () => {
    setSending({ is: "sending" });
    if (!(await store.flush())) return setSending({ is: "failed", words: w.unsaved });
    keepAddresses(store.told.user, medium, to);
    try {
      const { proofs } = await sendProof(store.client, message, addresses, recipient);
      setSending({ is: "done", proofs });
    } catch (error) {
      if (!(error instanceof Refused)) return setSending({ is: "failed", words: w.unreachable[medium] });
      const problems = error.details.problems ?? [];
      setSending(problems.length > 0 ? { is: "refused", problems } : { is: "failed", words: error.message });
    }
  };
  return (
    <form
      className="pf-panel"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isOff) void send();
      }}
    >
      <p className="cv-help">{w.help[medium]}</p>
      <div className="cv-field">
        <label htmlFor={id}>{w.to}</label>
        <input id={id} type="text" inputMode={medium === "email" ? "email" : "tel"} autoComplete={medium === "email" ? "email" : "tel"} value={to} placeholder={w.hint[medium]} aria-describedby={`${id}-help`} onChange={(event) => setTo(event.target.value)} />
        <p className="cv-help" id={`${id}-help`}>
          {w.most[medium]} {name && w.as(name)}
        </p>
      </div>
      {hasErrors && <p className="pf-trouble warn">{w.ready}</p>}
      <button type="submit" className="cv-button primary" disabled={isOff}>
        <Icon name="send" />
        {sending.is === "sending" ? w.sending : w.send}
      </button>
      <div role="status">
        {sending.is === "done" && <Results proofs={sending.proofs} medium={medium} />}
        {sending.is === "refused" && <ProblemTexts problems={sending.problems} />}
        {sending.is === "failed" && <p className="pf-trouble bad">{sending.words}</p>}
      </div>
    </form>
  );
}

const Results = ({ proofs, medium }: { proofs: Proofs["proofs"]; medium: Medium }) => (
  <ul className="pf-results">
    {proofs.map(({ address, state, reply }) => (
      <li key={address} className={state === "sent" ? "good" : "bad"}>
        <Icon name={state === "sent" ? "check_circle" : "error"} />
        <span>
          <strong>{address}</strong> {w.state[state]?.[medium] ?? state}
          {reply && <small>{w.reply(reply)}</small>}
        </span>
      </li>
    ))}
  </ul>
);
