// The content of an e-mail as the settings hold it.
import type { Json } from "../model/document";

export const FIELDS = ["subject", "preheader", "from_name", "html", "mjml", "text"] as const;
export type FieldName = (typeof FIELDS)[number];
/** The fields a message may be written in. */
export type BodyName = "html" | "mjml";
export const isBody = (field: FieldName): field is BodyName => field === "html" || field === "mjml";

export type Written = { readonly [name: string]: Json };

export const textOf = (content: Written, name: FieldName): string => {
  const value = content[name];
  return typeof value === "string" ? value : "";
};

/** What is empty and may be is left out, as the server leaves it out. */
export function withText(content: Written, name: FieldName, text: string): Written {
  const { [name]: _last, ...others } = content;
  const base = { subject: "", ...others };
  return text === "" && name !== "subject" ? base : { ...base, [name]: text };
}

/** The field that the message is written in. */
export const bodyIn = (content: Written): BodyName => (textOf(content, "mjml").trim() === "" ? "html" : "mjml");

const BEGINS_MJML = /^\s*(?:<!--[^]*?-->\s*)*<mjml[\s>]/;

export const isMjml = (text: string): boolean => BEGINS_MJML.test(text);

/** The message is MJML where it begins as MJML begins, and HTML else: nobody has to say so. */
export function withBody(content: Written, text: string): Written {
  const { html: _html, mjml: _mjml, ...others } = content;
  return withText(others, isMjml(text) ? "mjml" : "html", text);
}

export const CLIPPED_AT = 102 * 1024;

export const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

export const inKilobytes = (bytes: number): string => (bytes / 1024).toFixed(bytes < 10 * 1024 ? 1 : 0);

/** The same in MJML. */
export const starterInMjml = (words: { greeting: string; unsubscribe: string }): string => `<mjml>
  <mj-head>
    <mj-attributes>
      <mj-all font-family="Helvetica, Arial, sans-serif" />
      <mj-text font-size="16px" line-height="24px" color="#18181b" padding="8px 32px" />
    </mj-attributes>
  </mj-head>
  <mj-body background-color="#f4f4f5">
    <mj-section background-color="#ffffff" border-radius="8px">
      <mj-column>
        <mj-text>${words.greeting}</mj-text>
        <mj-text font-size="12px" line-height="18px" color="#52525b">
          {{ postal_address }}<br />
          <a href="{{ unsubscribe_url }}" style="color: #52525b;">${words.unsubscribe}</a>
        </mj-text>
      </mj-column>
    </mj-section>
  </mj-body>
</mjml>
`;

/** What an e-mail begins with, so that nobody begins with nothing. */
export const starter = (words: { greeting: string; unsubscribe: string }): string => `<!doctype html>
<html>
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
</head>
<body style="margin: 0; background: #f4f4f5; font-family: Helvetica, Arial, sans-serif; color: #18181b;">
  <table role="presentation" width="100%" cellpadding="0" cellspacing="0">
    <tr>
      <td align="center" style="padding: 24px 12px;">
        <table role="presentation" width="600" cellpadding="0" cellspacing="0" style="width: 100%; max-width: 600px; background: #ffffff; border-radius: 8px;">
          <tr>
            <td style="padding: 32px; font-size: 16px; line-height: 24px;">
              <p style="margin: 0 0 16px;">${words.greeting}</p>
            </td>
          </tr>
          <tr>
            <td style="padding: 16px 32px 32px; font-size: 12px; line-height: 18px; color: #52525b;">
              {{ postal_address }}<br>
              <a href="{{ unsubscribe_url }}" style="color: #52525b;">${words.unsubscribe}</a>
            </td>
          </tr>
        </table>
      </td>
    </tr>
  </table>
</body>
</html>
`;
