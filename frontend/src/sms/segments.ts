// How a text travels as SMS. The same tables and the same cutting as on the server; shared examples hold the two together.

export type Alphabet = "gsm7" | "ucs2";

export interface Segments {
  readonly alphabet: Alphabet;
  readonly characters: number;
  /** Places of the alphabet: some characters take two. */
  readonly units: number;
  readonly count: number;
  /** How many are left in the last segment. */
  readonly left: number;
  /** Characters that the GSM alphabet lacks, each once. */
  readonly outside: readonly string[];
}

const BASIC = new Set(
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà",
);
const EXTENDED = new Set("\f^{}\\[~]|€");
const SINGLE = { gsm7: 160, ucs2: 70 } as const;
const SEVERAL = { gsm7: 153, ucs2: 67 } as const;

export const MANY_SEGMENTS = 3;
export const MOST_SEGMENTS = 10;

/** A text as it is sent: composed characters, line feeds, no blanks at its ends. */
export const normal = (text: string): string => text.normalize("NFC").replace(/\r\n?/g, "\n").trim();

export function segmentsOf(text: string): Segments {
  const characters = [...text];
  const outside = [...new Set(characters.filter((each) => !BASIC.has(each) && !EXTENDED.has(each)))];
  const alphabet: Alphabet = outside.length > 0 ? "ucs2" : "gsm7";
  const widths = characters.map((each) => (alphabet === "ucs2" ? each.length : EXTENDED.has(each) ? 2 : 1));
  const units = widths.reduce((sum, width) => sum + width, 0);
  return { alphabet, characters: characters.length, units, ...filled(widths, units, alphabet), outside };
}

/** What takes two places is never parted. */
function filled(widths: readonly number[], units: number, alphabet: Alphabet): { count: number; left: number } {
  if (units <= SINGLE[alphabet]) return { count: units > 0 ? 1 : 0, left: SINGLE[alphabet] - units };
  let [count, left] = [1, SEVERAL[alphabet] as number];
  for (const width of widths) {
    if (width > left) [count, left] = [count + 1, SEVERAL[alphabet]];
    left -= width;
  }
  return { count, left };
}

const MARKUP = /\{\{[^]*?\}\}|\{%[^]*?%\}/g;
const OPT_OUT = /\{\{-?\s*opt_out_text\s*-?\}\}/g;

/** Whether people's values make the text longer than what is written. */
export const hasMarkup = (source: string): boolean => source.replace(OPT_OUT, "").search(MARKUP) >= 0;

/** What everybody gets of a template: its own words, and the text that the channel puts in. */
export const fixedWords = (source: string, optOut: string): string =>
  normal(source.replace(OPT_OUT, () => optOut).replace(MARKUP, ""));

const isShown = (character: string): boolean => !/[\p{C}\p{Z}\p{M}]/u.test(character);

/** A character as somebody can see and look it up. */
export const visible = (character: string): string => {
  const number = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
  return isShown(character) ? `${character} ${number}` : number;
};
