// Whether something that comes from outside is a document at all, as far as drawing and editing rely on it.
import type { CampaignDocument } from "./document";

type Fields = { readonly [name: string]: unknown };

export function isDocument(value: unknown): value is CampaignDocument {
  return (
    isFields(value) &&
    value["tutti"] === 1 &&
    isFields(value["campaign"]) &&
    hasTexts(value["campaign"], "slug", "name") &&
    isListOf(value["activities"], isActivity) &&
    isListOf(value["transitions"], isTransition) &&
    isFieldsOf(value["layout"], isPlace) &&
    isFieldsOf(value["notes"], isNote) &&
    isFieldsOf(value["variables"], isFields) &&
    isFieldsOf(value["schedule"]) &&
    isFieldsOf(value["errors"])
  );
}

const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null && !Array.isArray(value);
const isText = (value: unknown): boolean => typeof value === "string";
const isTextOrNone = (value: unknown): boolean => value === undefined || isText(value);
const hasTexts = (value: Fields, ...names: string[]): boolean => names.every((name) => isText(value[name]));
const isListOf = (value: unknown, isOne: (item: unknown) => boolean): boolean => value === undefined || (Array.isArray(value) && value.every(isOne));
const isFieldsOf = (value: unknown, isOne: (item: unknown) => boolean = () => true): boolean =>
  value === undefined || (isFields(value) && Object.values(value).every(isOne));

const isActivity = (value: unknown): boolean =>
  isFields(value) && hasTexts(value, "id", "type") && isTextOrNone(value["label"]) && isFieldsOf(value["config"]);
const isTransition = (value: unknown): boolean =>
  isFields(value) && hasTexts(value, "from", "to") && isTextOrNone(value["port"]) && isTextOrNone(value["label"]);
const isNote = (value: unknown): boolean =>
  isFields(value) && hasTexts(value, "text") && isPlace(value["at"]) && (value["size"] === undefined || isPlace(value["size"]));
const isPlace = (value: unknown): boolean => Array.isArray(value) && value.length === 2 && value.every(Number.isFinite);
