// Editors that ask for a value in a better way than a form drawn from its schema. Each registers for a widget; no
// activity type is known by name.
import type { ComponentType } from "react";
import type { DrawnProps } from "./Field";

type Editor = ComponentType<DrawnProps>;

const EDITORS = new Map<string, Editor>();

export const registerEditor = (widget: string, editor: Editor): void => {
  EDITORS.set(widget, editor);
};

export const editorOf = (widget: string): Editor | undefined => EDITORS.get(widget);
