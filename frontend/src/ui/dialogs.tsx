// The dialogs that are opened from several places, one at a time.
import { createContext, useContext } from "react";
import { t } from "../messages";
import { refusal } from "../model/connecting";
import { activitiesOf, activityOf } from "../model/document";
import type { Outlet } from "../model/edits";
import type { Spot } from "../store";
import { Chooser } from "./Chooser";
import { useStore, useWatched } from "./context";
import { Dialog } from "./Dialog";
import { activityOptions, kindOptions, noteOptions } from "./options";

export type Asked =
  | { readonly ask: "kind"; readonly spot: Spot; readonly title: string }
  | { readonly ask: "activity" }
  | { readonly ask: "target"; readonly outlet: Outlet }
  | { readonly ask: "keys" };

export const AskContext = createContext<(asked: Asked) => void>(() => undefined);
export const useAsk = () => useContext(AskContext);

export function AskedDialog({ asked, onClose }: { asked: Asked; onClose: () => void }) {
  switch (asked.ask) {
    case "kind":
      return <KindChooser spot={asked.spot} title={asked.title} onClose={onClose} />;
    case "activity":
      return <Finder onClose={onClose} />;
    case "target":
      return <TargetChooser outlet={asked.outlet} onClose={onClose} />;
    case "keys":
      return <Keys onClose={onClose} />;
  }
}

function KindChooser({ spot, title, onClose }: { spot: Spot; title: string; onClose: () => void }) {
  const store = useStore();
  const { known, history } = useWatched();
  const isFirst = activitiesOf(history.present).length === 0;
  const choose = (type: string) => {
    onClose();
    const id = store.add(type, spot);
    if (id) store.goTo(id);
  };
  const options = kindOptions(known, isFirst ? "first" : spot.at === "free" ? "anywhere" : "behind");
  return <Chooser title={title} hint={t.searchActivities} options={options} onChoose={choose} onClose={onClose} />;
}

function Finder({ onClose }: { onClose: () => void }) {
  const store = useStore();
  const { known, history } = useWatched();
  const choose = (id: string) => {
    onClose();
    store.goTo(id);
  };
  return (
    <Chooser
      title={t.findActivity}
      hint={t.findHint}
      options={[...activityOptions(known, history.present), ...noteOptions(history.present)]}
      onChoose={choose}
      onClose={onClose}
    />
  );
}

function TargetChooser({ outlet, onClose }: { outlet: Outlet; onClose: () => void }) {
  const store = useStore();
  const { known, history } = useWatched();
  const legal = activityOptions(known, history.present).filter(
    ({ key }) => refusal(history.present, known, { ...outlet, to: key }) === null,
  );
  const choose = (to: string) => {
    onClose();
    store.connect({ ...outlet, to });
  };
  const name = activityOf(history.present, outlet.from) ? store.titleOf(outlet.from) : outlet.from;
  return (
    <Chooser
      title={t.connectTitle(name)}
      hint={t.findHint}
      options={legal}
      empty={t.connectNone}
      onChoose={choose}
      onClose={onClose}
    />
  );
}

const Keys = ({ onClose }: { onClose: () => void }) => (
  <Dialog title={t.shortcuts} onClose={onClose}>
    <dl className="cv-keys" tabIndex={0} aria-label={t.shortcuts}>
      {t.keys.map(([key, words]) => (
        <div key={key}>
          <dt>
            <kbd>{key}</kbd>
          </dt>
          <dd>{words}</dd>
        </div>
      ))}
    </dl>
  </Dialog>
);
