// Numbers, times and durations as the reader writes them.
import { r } from "./messages";

const language = (): string => (typeof document === "undefined" ? "en" : document.documentElement.lang || "en");

export const shown = (number: number): string => new Intl.NumberFormat(language()).format(number);

/** A difference: with its sign, and ± where there is none. */
export const signed = (number: number): string =>
  number === 0 ? "±0" : new Intl.NumberFormat(language(), { signDisplay: "always" }).format(number);

export const percent = (fraction: number): string =>
  new Intl.NumberFormat(language(), { style: "percent", maximumFractionDigits: 1 }).format(fraction);

/** Today's times without the date. */
export function moment(iso: string | number, now = Date.now()): string {
  const at = new Date(iso);
  const isToday = at.toDateString() === new Date(now).toDateString();
  return at.toLocaleString(language(), isToday ? { timeStyle: "medium" } : { dateStyle: "medium", timeStyle: "short" });
}

/** The reader's time zone, as it is called now. */
export const zone = (): string =>
  new Intl.DateTimeFormat(language(), { timeZoneName: "short" }).formatToParts().find(({ type }) => type === "timeZoneName")?.value ?? "";

export const inZone = (iso: string, zone: string): string =>
  new Date(iso).toLocaleString(language(), { dateStyle: "full", timeStyle: "short", timeZone: zone });

export function duration(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds / 1000);
  if (seconds < 9.95) return r.seconds(seconds.toFixed(1));
  const whole = Math.round(seconds);
  if (whole < 60) return r.seconds(String(whole));
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return r.minutes(minutes, whole % 60);
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? r.hours(hours, minutes % 60) : r.days(Math.floor(hours / 24), hours % 24);
}

/** Nobody needs the seconds of what is to come. */
export const roughly = (milliseconds: number): string =>
  milliseconds < 59_500 ? r.seconds(String(Math.max(1, Math.round(milliseconds / 1000)))) : duration(Math.round(milliseconds / 60_000) * 60_000);
