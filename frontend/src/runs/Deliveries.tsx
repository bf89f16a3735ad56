import { Icon } from "../ui/Icon";
import type { RunDelivery } from "./api";
import { useStage } from "./context";
import { r } from "./messages";
import { deliveriesOf } from "./picture";
import { sendsOf } from "./sends";
import { Facts } from "./Facts";
import type { Shown } from "./shown";
import { roughly, shown as number } from "./words";

/** The messages of an activity, in each round: whom they reach, whom not and why, how far they are. */
export function Deliveries({ id, shown }: { id: string; shown: Shown }) {
  return deliveriesOf(shown.run, id).map((delivery) => (
    <section key={delivery.id} aria-label={r.delivery}>
      <h3>{delivery.round > 0 ? r.deliveryRound(delivery.round) : r.delivery}</h3>
      <Waterfall delivery={delivery} />
      {delivery.state !== "tested" && <Progress delivery={delivery} shown={shown} />}
      <DeliveryActs delivery={delivery} />
    </section>
  ));
}

/** From those targeted, less each exclusion, to those who get a message. */
export function Waterfall({ delivery }: { delivery: Pick<RunDelivery, "targeted" | "excluded" | "will_send"> & { readonly state?: string } }) {
  return (
    <table className="cv-fall">
      <tbody>
        <tr>
          <th scope="row">{r.targeted}</th>
          <td>{number(delivery.targeted)}</td>
        </tr>
        {Object.entries(delivery.excluded).map(([reason, people]) => (
          <tr key={reason} data-excluded={reason}>
            <th scope="row">{r.minus(r.exclusion[reason] ?? reason)}</th>
            <td>{number(people)}</td>
          </tr>
        ))}
        <tr className="is-sum">
          <th scope="row">{totalWords(delivery.state)}</th>
          <td>{number(delivery.will_send)}</td>
        </tr>
      </tbody>
    </table>
  );
}

function totalWords(state: string | undefined): string {
  if (state === "tested" || state === undefined) return r.wouldGet;
  return state === "awaiting_confirmation" ? r.willGet : r.gotToSend;
}

function Progress({ delivery, shown }: { delivery: RunDelivery; shown: Shown }) {
  const sends = sendsOf(delivery);
  const pace = shown.session.paces.get(delivery.id);
  const isSending = delivery.state === "sending";
  const [rate, left] = [pace?.rate() ?? null, pace?.timeLeft(sends.remaining) ?? null];
  const states = Object.entries(delivery.messages).filter(([state]) => state !== "excluded");
  const facts: (readonly [string, string])[] = [
    ...states.map(([state, count]) => [r.messageState[state] ?? state, number(count)] as const),
    ...(isSending ? [[r.rate, rate === null ? r.measuring : r.perSecond(number(Math.round(rate * 10) / 10))] as const] : []),
    ...(isSending ? [[r.timeLeft, left === null ? r.measuring : roughly(left)] as const] : []),
  ];
  return (
    <>
      {sends.total > 0 && (
        <progress max={sends.total} value={sends.total - sends.remaining} aria-label={r.progress}>
          {number(sends.total - sends.remaining)}
        </progress>
      )}
      <Facts facts={facts} />
    </>
  );
}

function DeliveryActs({ delivery }: { delivery: RunDelivery }) {
  const stage = useStage();
  const unknown = delivery.messages["unknown"] ?? 0;
  return (
    <>
      {delivery.may_confirm && (
        <button type="button" className="cv-button primary" onClick={() => stage.ask({ is: "confirm", delivery: delivery.id })}>
          <Icon name="send" />
          {r.confirmSend}
        </button>
      )}
      {unknown > 0 && delivery.state !== "tested" && (
        <button type="button" className="cv-button small" onClick={() => stage.ask({ is: "settle", delivery: delivery.id })}>
          <Icon name="help" />
          {r.settle}
        </button>
      )}
    </>
  );
}
