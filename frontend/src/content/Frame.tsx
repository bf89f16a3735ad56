import { useEffect, useId, useRef, useState } from "react";
import { csrfToken } from "../told";
import { useStore } from "../ui/context";

interface Props {
  readonly html: string;
  readonly isDark: boolean;
  readonly title: string;
}

interface Sheet extends Props {
  readonly number: number;
}

/** A rendered message in a frame that runs and loads nothing. The last one stays until the next is there. */
export function Frame(props: Props) {
  const [sheets, setSheets] = useState<readonly Sheet[]>([]);
  const number = useRef(0);
  useEffect(() => {
    const next = { ...props, number: ++number.current };
    setSheets((old) => [...old.slice(0, 1), next]);
  }, [props.html, props.isDark, props.title]);
  const settle = (loaded: number) => setSheets((old) => old.filter((each) => each.number >= loaded));
  return (
    <div className="ct-frames">
      {sheets.map((sheet, place) => (
        <Shown key={sheet.number} sheet={sheet} isCurrent={place === 0} onLoad={() => settle(sheet.number)} />
      ))}
    </div>
  );
}

/** The message is sent to an address of this server, which answers it under a policy of its own. */
function Shown({ sheet, isCurrent, onLoad }: { sheet: Sheet; isCurrent: boolean; onLoad: () => void }) {
  const { told } = useStore();
  const form = useRef<HTMLFormElement>(null);
  const isSent = useRef(false);
  const name = useId();
  useEffect(() => {
    if (isSent.current) return;
    isSent.current = true;
    form.current?.submit();
  }, []);
  return (
    <>
      <iframe
        name={name}
        title={sheet.title}
        sandbox=""
        referrerPolicy="no-referrer"
        className={isCurrent ? "" : "ct-coming"}
        aria-hidden={!isCurrent}
        onLoad={() => isSent.current && onLoad()}
      />
      <form ref={form} method="post" action={told.frame} target={name} hidden>
        <input type="hidden" name="csrfmiddlewaretoken" value={csrfToken()} />
        <input type="hidden" name="html" value={sheet.html} />
        <input type="hidden" name="scheme" value={sheet.isDark ? "dark" : "light"} />
      </form>
    </>
  );
}
