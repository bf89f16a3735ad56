// What the buttons insert, with fields to be filled in one after the other.
import { c } from "./messages";
import type { Name, Vocabulary } from "./names";
import { isList } from "./names";

/** In the language of snippets a brace behind # or $ begins a field; names hold neither. */
export const personal = (path: string): string => `{{ ${path} }}`;

export const link = (isHtml: boolean): string =>
  isHtml ? `<a href="https://\${www.example.com}">\${${c.linkText}}</a>` : `\${${c.linkText}}: https://\${www.example.com}`;

export const unsubscribe = (isHtml: boolean): string =>
  isHtml ? `<a href="{{ unsubscribe_url }}">\${${c.unsubscribeText}}</a>` : `\${${c.unsubscribeText}}: {{ unsubscribe_url }}`;

export function condition({ names }: Vocabulary): string {
  const chosen = names.find(({ choices }) => choices.length > 0) ?? names.find(({ type, origin }) => type === "text" && origin !== "message");
  const value = chosen?.choices[0]?.[0] ?? "…";
  return `{% if \${${chosen?.path ?? "profile.name"}} == "\${${value.replace(/[{}\\"]/g, "")}}" %}\n\${…}\n{% else %}\n\${…}\n{% endif %}`;
}

export const listOf = ({ names }: Vocabulary): Name | undefined => names.find(isList);

export const loop = (words: Vocabulary): string => `{% for item in \${${listOf(words)?.path ?? "target.list"}} %}\n{{ \${item} }}\n{% endfor %}`;
