// What can be inserted into a text, and how it stands there.
import type { Entry } from "../ui/SearchList";
import type { ShownText } from "./api";
import { s } from "./messages";

type Group = keyof typeof s.group;

const ICONS: { readonly [group in Group]: string } = { profile: "person", target: "add_notes", variables: "tune", message: "sms" };
const TONES: { readonly [group in Group]: string } = { profile: "targeting", target: "data", variables: "flow", message: "channel" };
const OPT_OUT = "opt_out_text";

const groupOf = (path: string): Group => {
  const root = path.split(".")[0];
  return root === "profile" || root === "target" || root === "variables" ? root : "message";
};

const option = (path: string, label: string, detail: string): Entry => {
  const group = groupOf(path);
  return { key: path, label, detail, icon: ICONS[group], group: s.group[group], tone: TONES[group] };
};

export const insertable = (shown: ShownText | null): Entry[] => [
  option(OPT_OUT, s.optOut, s.optOutDetail(shown?.opt_out_text ?? "")),
  ...(shown?.names ?? []).map(({ path, label }) => option(path, label, `{{ ${path} }}`)),
];

export interface Inserted {
  readonly text: string;
  readonly caret: number;
}

/** In the place of what is selected. */
export function insertedAt(text: string, path: string, from: number, to: number): Inserted {
  const mark = `{{ ${path} }}`;
  return { text: text.slice(0, from) + mark + text.slice(to), caret: from + mark.length };
}
