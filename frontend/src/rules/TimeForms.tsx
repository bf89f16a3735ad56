import type { Json } from "../model/document";
import { useDesk } from "./desk";
import { t } from "./messages";
import type { PeriodKind } from "./operands";
import { LONG_UNITS, PERIODS, SHORT_UNITS, otherPeriod, withMember } from "./operands";
import type { Rule } from "./tree";
import { isRule } from "./tree";

interface Props {
  readonly value: Json | undefined;
  readonly type: string;
  readonly onSet: (value: Json) => void;
  readonly onTyped: (value: Json) => void;
}

export function PeriodForm({ value, type, onSet, onTyped }: Props) {
  const { isOff } = useDesk();
  const given: Rule = isRule(value) ? value : { last: 30 };
  const kind = PERIODS.find((name) => name in given) ?? "last";
  const units = type === "date" ? LONG_UNITS : [...LONG_UNITS, ...SHORT_UNITS];
  return (
    <span className="rb-inline">
      <select aria-label={t.period} disabled={isOff} value={kind} onChange={(event) => onSet(otherPeriod(given, event.target.value as PeriodKind))}>
        {PERIODS.map((name) => (
          <option key={name} value={name}>
            {t.periods[name]}
          </option>
        ))}
      </select>
      {kind === "this" ? (
        <ThisForm value={given} onSet={onSet} />
      ) : (
        <>
          <Whole label={t.howMany} value={given[kind]} least={0} onChange={(number) => onTyped({ ...given, [kind]: number })} />
          <UnitChoice units={units} value={given} onSet={onSet} />
        </>
      )}
      <AnchorChoice value={given} onSet={onSet} />
    </span>
  );
}

/** The calendar unit, and which of them counted from now. */
function ThisForm({ value, onSet }: { value: Rule; onSet: (value: Json) => void }) {
  const { isOff } = useDesk();
  return (
    <>
      <select aria-label={t.unit} disabled={isOff} value={String(value["this"])} onChange={(event) => onSet({ ...value, this: event.target.value })}>
        {LONG_UNITS.map((unit) => (
          <option key={unit} value={unit}>
            {t.unitsOne[unit]}
          </option>
        ))}
      </select>
      <Whole label={t.shift} value={value["shift"] ?? 0} least={-10_000} onChange={(number) => onSet(withMember(value, "shift", number, 0))} />
      <span className="rb-word">{t.shiftWords}</span>
    </>
  );
}

export function MomentForm({ kind, value, onSet, onTyped }: { kind: "today" | "now"; value: Rule; onSet: (value: Json) => void; onTyped: (value: Json) => void }) {
  const { isOff } = useDesk();
  const number = typeof value[kind] === "number" ? value[kind] : 0;
  const isBefore = number < 0 || (number === 0 && Object.is(number, -0));
  return (
    <span className="rb-inline">
      <Whole label={t.howMany} value={Math.abs(number)} least={0} onChange={(next) => onTyped({ ...value, [kind]: isBefore ? -next || 0 : next })} />
      <UnitChoice units={kind === "today" ? LONG_UNITS : SHORT_UNITS} value={value} byDefault={kind === "today" ? "day" : "hour"} onSet={onSet} />
      <select aria-label={t.direction} disabled={isOff} value={number < 0 ? "before" : "after"} onChange={(event) => onSet({ ...value, [kind]: event.target.value === "before" ? -Math.abs(number || 1) : Math.abs(number) })}>
        <option value="before">{kind === "today" ? t.beforeToday : t.beforeNow}</option>
        <option value="after">{kind === "today" ? t.afterToday : t.afterNow}</option>
      </select>
      <AnchorChoice value={value} onSet={onSet} />
    </span>
  );
}

/** A window of days around today in which the day of the year lies. */
export function DaysForm({ value, onSet, onTyped }: Props) {
  const given: Rule = isRule(value) ? value : { days: [0, 7] };
  const days = Array.isArray(given["days"]) ? given["days"] : [0, 7];
  const first = Number(days[0] ?? 0);
  const last = Number(days[1] ?? 0);
  return (
    <span className="rb-inline">
      <span className="rb-word">{t.daysFrom}</span>
      <Whole label={t.firstDay} value={first} least={-366} onChange={(number) => onTyped({ ...given, days: [number, last] })} />
      <span className="rb-word">{t.daysTo}</span>
      <Whole label={t.lastDay} value={last} least={-366} onChange={(number) => onTyped({ ...given, days: [first, number] })} />
      <span className="rb-word">{t.daysWords}</span>
      <AnchorChoice value={given} onSet={onSet} />
    </span>
  );
}

interface WholeProps {
  readonly label: string;
  readonly value: Json | undefined;
  readonly least: number;
  readonly onChange: (value: number) => void;
}

/** A whole number. While the field is empty, or a lone minus, the last one stays. */
export function Whole({ label, value, least, onChange }: WholeProps) {
  const { isOff } = useDesk();
  return (
    <input
      type="number"
      className="rb-input is-number"
      step={1}
      min={least}
      aria-label={label}
      disabled={isOff}
      value={typeof value === "number" ? value : ""}
      onChange={(event) => {
        const next = event.target.valueAsNumber;
        if (Number.isSafeInteger(next)) onChange(next);
      }}
    />
  );
}

function UnitChoice({ units, value, byDefault = "day", onSet }: { units: readonly string[]; value: Rule; byDefault?: string; onSet: (value: Json) => void }) {
  const { isOff } = useDesk();
  const now = String(value["unit"] ?? byDefault);
  const offered = units.includes(now) ? units : [...units, now];
  return (
    <select aria-label={t.unit} disabled={isOff} value={now} onChange={(event) => onSet(withMember(value, "unit", event.target.value, byDefault))}>
      {offered.map((unit) => (
        <option key={unit} value={unit}>
          {t.units[unit] ?? unit}
        </option>
      ))}
    </select>
  );
}

/** Relative dates count from the run, or from a date that the campaign has as a variable. */
function AnchorChoice({ value, onSet }: { value: Rule; onSet: (value: Json) => void }) {
  const { place, isOff } = useDesk();
  const now = typeof value["anchor"] === "string" ? value["anchor"] : "";
  const dates = place.variables.filter(({ type }) => type === "date").map(({ name }) => name);
  const offered = now && !dates.includes(now) ? [...dates, now] : dates;
  if (offered.length === 0) return null;
  return (
    <select aria-label={t.anchor} title={t.anchor} disabled={isOff} value={now} onChange={(event) => onSet(withMember(value, "anchor", event.target.value || undefined))}>
      <option value="">{t.fromTheRun}</option>
      {offered.map((name) => (
        <option key={name} value={name}>
          {t.fromVariable(name)}
        </option>
      ))}
    </select>
  );
}

export function VariableChoice({ kind, value, onSet }: { kind: "variable" | "parameter"; value: Rule; onSet: (value: Json) => void }) {
  const { place, isOff } = useDesk();
  const now = String(value[kind]);
  const known = kind === "variable" ? place.variables.map(({ name }) => name) : [];
  const offered = now && !known.includes(now) ? [...known, now] : known;
  return (
    <select aria-label={t.operand[kind]} disabled={isOff} value={now} onChange={(event) => onSet({ [kind]: event.target.value })}>
      {now === "" && <option value="">{offered.length > 0 ? t.choose : t.noVariables}</option>}
      {offered.map((name) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </select>
  );
}
