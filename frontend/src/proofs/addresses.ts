// Where proofs of somebody usually go, kept in their browser.
export const addressesIn = (text: string): string[] =>
  text
    .split(/[,;\n]/)
    .map((part) => part.trim())
    .filter(Boolean);

export type Medium = "email" | "sms";

const keyOf = (user: string, medium: Medium): string => `tutti proofs ${medium} ${user}`;

export function keptAddresses(user: string, medium: Medium): string {
  try {
    return localStorage.getItem(keyOf(user, medium)) ?? "";
  } catch {
    return "";
  }
}

export function keepAddresses(user: string, medium: Medium, text: string): void {
  try {
    localStorage.setItem(keyOf(user, medium), text);
  } catch {
    // A browser that keeps nothing asks again, which is all.
  }
}
