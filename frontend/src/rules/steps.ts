/** The way into a JSON value as people write it: keys joined by dots, a dot within a key written twice. */
export const stepsOf = (text: string): string[] => text.split(/(?<!\.)\.(?!\.)/).map((step) => step.replace(/\.\./g, "."));
