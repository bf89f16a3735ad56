// JSON whose whole numbers stay exact: one that a JavaScript number cannot hold is a bigint.
import type { Json } from "./document";

/** A text, with the colon behind it where it is a name, or a number. */
const PIECE = /"[^"\\]*(?:\\.[^"\\]*)*"(?:\s*:)?|-?\d[\d.eE+-]*/g;
const LONG = /\d{16}/;
const WHOLE = /^-?\d+$/;

export function readJson(text: string): Json {
  const plain = JSON.parse(text) as Json;
  return LONG.test(text) ? (JSON.parse(text.replace(PIECE, marked), (_name, value: Json) => unmarked(value)) as Json) : plain;
}

/** While they are read, long numbers are texts, and what is a text in truth begins with a mark. */
function marked(piece: string): string {
  if (isText(piece)) return `"=${piece.slice(1)}`;
  return isLong(piece) ? `"${piece}"` : piece;
}

function unmarked(value: Json): Json {
  if (typeof value !== "string") return value;
  return value.startsWith("=") ? value.slice(1) : BigInt(value);
}

export function writeJson(value: unknown, indent = 0): string {
  if (!holdsLong(value)) return JSON.stringify(value, null, indent);
  const texts = JSON.stringify(value, (_name, each: unknown) => asText(each), indent);
  return texts.replace(PIECE, (piece) => (isText(piece) ? bare(piece) : piece));
}

function asText(value: unknown): unknown {
  if (typeof value === "string") return `=${value}`;
  return typeof value === "bigint" ? String(value) : value;
}

const bare = (piece: string): string => (piece.startsWith('"=') ? `"${piece.slice(2)}` : piece.slice(1, -1));

const isText = (piece: string): boolean => piece.startsWith('"') && piece.endsWith('"');
const isLong = (piece: string): boolean => WHOLE.test(piece) && !Number.isSafeInteger(Number(piece));

const holdsLong = (value: unknown): boolean =>
  typeof value === "bigint" || (typeof value === "object" && value !== null && Object.values(value).some(holdsLong));

/** The whole number that is written so. */
export const wholeNumber = (digits: string): number | bigint => (isLong(digits) ? BigInt(digits) : Number(digits));
