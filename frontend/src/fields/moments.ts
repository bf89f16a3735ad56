// Dates and times as documents write them, and the browser's own field for each.

export const INPUTS = { date: "date", time: "time", date_time: "datetime-local" } as const;
export type Moment = keyof typeof INPUTS;

const FITS: { readonly [kind in Moment]: RegExp } = {
  date: /^\d{4}-\d\d-\d\d$/,
  time: /^([01]\d|2[0-3]):[0-5]\d$/,
  date_time: /^\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d$/,
};

/** What no such field could show, such as a time with an offset, is edited as the text it is. */
export const inputFor = (kind: Moment, text: string): string => (text === "" || FITS[kind].test(text) ? INPUTS[kind] : "text");
