// Durations as documents write them (ISO 8601), asked for as a number and a unit.

export const UNITS = { minutes: 1, hours: 60, days: 24 * 60 } as const;
export type Unit = keyof typeof UNITS;

export interface Length {
  readonly amount: string;
  readonly unit: Unit;
}

const ISO = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$/;
const LARGEST_FIRST: readonly Unit[] = ["days", "hours", "minutes"];

/** The number and the largest unit that divides the duration; what is none is shown as it is. */
export function splitDuration(text: string): Length {
  const found = ISO.exec(text);
  if (!found) return { amount: text, unit: "hours" };
  const [days = 0, hours = 0, minutes = 0] = found.slice(1).map((part) => Number(part ?? 0));
  const total = minutes + UNITS.hours * hours + UNITS.days * days;
  const unit = (total && LARGEST_FIRST.find((each) => total % UNITS[each] === 0)) || "hours";
  return { amount: String(total / UNITS[unit]), unit };
}

/** As a document writes it; a number that is none is kept for the server to refuse. */
export function joinedDuration({ amount, unit }: Length): string {
  const number = amount.trim();
  if (!/^\d+$/.test(number)) return number;
  return unit === "days" ? `P${number}D` : `PT${number}${unit === "hours" ? "H" : "M"}`;
}
