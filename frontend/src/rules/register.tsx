// The builder comes with the first rule that is opened: whoever only draws does not wait for it. Where it cannot be had, as
// without a network, the rule is there as it is written.
import { useEffect, useState } from "react";
import type { ComponentType } from "react";
import { registerEditor } from "../drawer/editors";
import type { DrawnProps } from "../drawer/Field";
import { JsonField } from "../drawer/JsonField";
import { useStore } from "../ui/context";
import { t } from "./messages";
import "./rules.css";

type Builder = ComponentType<DrawnProps>;

let loaded: Builder | null = null;

async function load(): Promise<Builder> {
  loaded ??= (await import("./RuleField")).RuleField;
  return loaded;
}

function RuleEntry(props: DrawnProps) {
  const [Shown, setShown] = useState<Builder | null>(() => loaded);
  const store = useStore();
  const [hasFailed, setFailed] = useState(false);
  useEffect(() => {
    let isGone = false;
    load().then(
      (builder) => !isGone && setShown(() => builder),
      () => !isGone && setFailed(true),
    );
    return () => {
      isGone = true;
    };
  }, []);
  // A browser remembers that a module could not be had for as long as the page is open; what is unsaved outlives that.
  const again = () => void store.flush().finally(() => window.location.reload());
  if (Shown) return <Shown {...props} />;
  if (!hasFailed) return <p className="cv-quiet">{t.opening}</p>;
  return (
    <div className="rb-field">
      <p className="rb-notice" role="status">
        {t.notLoaded}
        <button type="button" className="cv-link" onClick={again}>
          {t.tryAgain}
        </button>
      </p>
      <JsonField {...props} />
    </div>
  );
}

registerEditor("rule", RuleEntry);
