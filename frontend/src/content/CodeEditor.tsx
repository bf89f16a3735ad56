// One text in a code editor. CodeMirror writes its styles into an element that bears the page's nonce.
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap, snippet, startCompletion } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { html } from "@codemirror/lang-html";
import { closePercentBrace, liquid } from "@codemirror/lang-liquid";
import { bracketMatching, HighlightStyle, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import type { Extension } from "@codemirror/state";
import { Annotation, Compartment, EditorState } from "@codemirror/state";
import type { DecorationSet, ViewUpdate } from "@codemirror/view";
import {
  Decoration,
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
  MatchDecorator,
  placeholder,
  ViewPlugin,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { useEffect, useImperativeHandle, useRef } from "react";
import type { Ref } from "react";
import type { Problem } from "../api/client";
import { marksOf, replacement, segmentOf } from "./lines";
import { markupSource } from "./markup";
import { c } from "./messages";
import type { Vocabulary } from "./names";
import { templateSource } from "./offers";

export type Kind = "html" | "text" | "line";

export interface Hand {
  readonly insert: (template: string) => void;
  readonly goTo: (line: number) => void;
  readonly focus: () => void;
}

interface Props {
  readonly label: string;
  readonly kind: Kind;
  readonly text: string;
  readonly hint: string;
  readonly isOff: boolean;
  readonly problems: readonly Problem[];
  readonly words: Vocabulary;
  readonly onChange: (text: string) => void;
  readonly onFocus?: () => void;
  readonly onEscape?: () => void;
  readonly hand?: Ref<Hand>;
}

/** What comes from outside is not told to the outside again. */
const Outside = Annotation.define<boolean>();

export function CodeEditor(props: Props) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const { text, problems, hand, isOff, hint, label } = props;
  const fixed = useRef(new Compartment());

  useEffect(() => {
    if (!place.current) return;
    const made = new EditorView({
      parent: place.current,
      doc: latest.current.text,
      extensions: [...behaviour(latest), fixed.current.of(changing(latest.current))],
    });
    view.current = made;
    const watching = keepCursorInView(made);
    return () => {
      watching.disconnect();
      made.destroy();
    };
  }, []);

  useEffect(() => {
    view.current?.dispatch({ effects: fixed.current.reconfigure(changing({ isOff, hint, label })) });
  }, [isOff, hint, label]);

  useEffect(() => {
    const changes = view.current && replacement(view.current.state.doc.toString(), text);
    if (changes) view.current?.dispatch({ changes, annotations: Outside.of(true) });
  }, [text]);

  useEffect(() => {
    if (!view.current) return;
    const { state } = view.current;
    const found = marksOf(state.doc.toString(), problems).map(({ from, to, problem }) => ({
      from,
      to,
      severity: problem.severity,
      message: `${problem.message} ${problem.remedy}`.trim(),
    }));
    view.current.dispatch(setDiagnostics(state, found));
  }, [problems, text]);

  useImperativeHandle(hand, () => handOf(view), []);
  return <div className={`ct-code ct-code-${props.kind}`} ref={place} />;
}

/** Where the window takes room away, such as for the keyboard of a phone, the line one writes stays in sight. */
function keepCursorInView(view: EditorView): ResizeObserver {
  const watching = new ResizeObserver(() => {
    if (view.hasFocus) view.dispatch({ effects: EditorView.scrollIntoView(view.state.selection.main.head, { yMargin: 24 }) });
  });
  watching.observe(view.dom);
  return watching;
}

function handOf(view: { readonly current: EditorView | null }): Hand {
  return {
    focus: () => view.current?.focus(),
    insert: (template) => {
      if (!view.current || view.current.state.readOnly) return;
      const { from, to } = view.current.state.selection.main;
      snippet(template)(view.current, null, from, to);
      view.current.focus();
    },
    goTo: (line) => {
      if (!view.current) return;
      const { from, to } = segmentOf(view.current.state.doc.toString(), line);
      view.current.dispatch({ selection: { anchor: from, head: to }, effects: EditorView.scrollIntoView(from, { y: "center" }) });
      view.current.focus();
    },
  };
}

const nonce = (): string => document.querySelector<HTMLStyleElement>("style[nonce]")?.nonce ?? "";

function behaviour(latest: { readonly current: Props }): Extension[] {
  const { kind } = latest.current;
  const isLine = kind === "line";
  return [
    EditorView.cspNonce.of(nonce()),
    EditorState.phrases.of(c.phrases),
    highlightSpecialChars(),
    history(),
    drawSelection(),
    EditorState.allowMultipleSelections.of(!isLine),
    bracketMatching(),
    closeBrackets(),
    EditorState.languageData.of(() => [PAIRS]),
    closePercentBrace,
    kind === "html" ? liquid({ base: html({ autoCloseTags: true, selfClosingTags: true }) }) : liquid(),
    autocompletion({ override: [templateSource(() => latest.current.words), ...(kind === "html" ? [markupSource] : [])], icons: false }),
    syntaxHighlighting(COLOURS),
    MARKUP,
    EditorView.lineWrapping,
    LOOKS,
    EditorView.contentAttributes.of({ "aria-multiline": String(!isLine), spellcheck: String(kind !== "html"), autocapitalize: "off" }),
    keymap.of([...closeBracketsKeymap, ...completionKeymap, ...(isLine ? NO_NEW_LINE : searchKeymap), ...historyKeymap, ...defaultKeymap]),
    ...(isLine ? ONE_LINE : several(latest)),
    EditorView.updateListener.of((update) => {
      if (update.docChanged && !update.transactions.every((each) => each.annotation(Outside))) latest.current.onChange(update.state.doc.toString());
      if (update.focusChanged && update.view.hasFocus) latest.current.onFocus?.();
      if (update.docChanged && opensMark(update.view)) startCompletion(update.view);
    }),
  ];
}

/** After what opens a mark, or a filter, there is something to choose from at once. */
function opensMark(view: EditorView): boolean {
  const { head } = view.state.selection.main;
  return view.hasFocus && /(?:\{\{-?\s?|\{%-?\s?|[^|]\|\s?)$/.test(view.state.sliceDoc(Math.max(0, head - 6), head));
}

/** Apostrophes stand alone in what people write; marks are closed in front of tags and quotes too. */
const PAIRS = { closeBrackets: { brackets: ["{", "(", "[", '"'], before: ")]}:;><\"' ,.!?" } };

const changing = ({ isOff, hint, label }: Pick<Props, "isOff" | "hint" | "label">): Extension[] => [
  EditorView.contentAttributes.of({ "aria-label": label }),
  EditorState.readOnly.of(isOff),
  EditorView.editable.of(!isOff),
  EditorView.contentAttributes.of(isOff ? { tabindex: "0", "aria-readonly": "true" } : {}),
  placeholder(hint),
];

const NO_NEW_LINE = [{ key: "Enter", run: () => true }];
const ONE_LINE: Extension[] = [
  EditorView.clipboardInputFilter.of((text) => text.replace(/\s*\n\s*/g, " ").trim()),
  EditorState.transactionFilter.of((transaction) => (transaction.docChanged && !transaction.annotation(Outside) && transaction.newDoc.lines > transaction.startState.doc.lines ? [] : transaction)),
];

/** Tab indents, and so Escape lets it go: the next Tab leads out of the editor. */
const several = (latest: { readonly current: Props }): Extension[] => [
  lineNumbers(),
  lintGutter(),
  highlightActiveLine(),
  highlightActiveLineGutter(),
  indentOnInput(),
  highlightSelectionMatches(),
  search({ top: true }),
  keymap.of([
    indentWithTab,
    {
      key: "Escape",
      stopPropagation: true,
      run: (view) => {
        view.setTabFocusMode(true);
        latest.current.onEscape?.();
        return true;
      },
    },
  ]),
  EditorView.domEventHandlers({
    blur: (_event, view) => {
      view.setTabFocusMode(false);
    },
  }),
];

/** What differs from person to person stands out from the HTML around it. */
const MARKS = new MatchDecorator({
  regexp: /\{\{[^{}]*\}\}|\{%[^%]*%\}/g,
  decoration: (match) => Decoration.mark({ class: match[0].startsWith("{%") ? "ct-tag" : "ct-output" }),
});
const MARKUP = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;
    constructor(view: EditorView) {
      this.decorations = MARKS.createDeco(view);
    }
    update(update: ViewUpdate) {
      this.decorations = MARKS.updateDeco(update, this.decorations);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

const COLOURS = HighlightStyle.define([
  { tag: [tags.tagName, tags.angleBracket], color: "var(--code-tag)" },
  { tag: tags.attributeName, color: "var(--code-name)" },
  { tag: [tags.attributeValue, tags.string], color: "var(--code-text)" },
  { tag: [tags.comment, tags.documentMeta, tags.processingInstruction], color: "var(--soft)" },
  { tag: [tags.keyword, tags.controlKeyword, tags.operatorKeyword, tags.tagName], color: "var(--code-tag)" },
  { tag: [tags.variableName, tags.propertyName], color: "var(--code-variable)" },
  { tag: [tags.function(tags.variableName), tags.special(tags.variableName)], color: "var(--code-name)" },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], color: "var(--code-number)" },
  { tag: [tags.brace, tags.operator, tags.punctuation], color: "var(--code-mark)" },
]);

const LOOKS = EditorView.theme({
  "&": { color: "var(--ink)", backgroundColor: "transparent", height: "100%", fontSize: ".8125rem" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "ui-monospace, SFMono-Regular, Menlo, monospace", lineHeight: "1.55" },
  ".cm-content": { caretColor: "var(--ink)", padding: ".5rem 0" },
  ".cm-cursor": { borderLeftColor: "var(--ink)", borderLeftWidth: "2px" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "var(--code-selected)" },
  ".cm-gutters": { backgroundColor: "var(--raised)", color: "var(--quiet)", border: "0", borderRight: "1px solid var(--line)" },
  ".cm-activeLine": { backgroundColor: "color-mix(in oklab, var(--ink) 4%, transparent)" },
  ".cm-activeLineGutter": { backgroundColor: "color-mix(in oklab, var(--ink) 8%, transparent)", color: "var(--ink)" },
  ".cm-placeholder": { color: "var(--quiet)" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--accent-soft)", outline: "1px solid var(--accent)" },
  ".cm-selectionMatch": { backgroundColor: "var(--accent-soft)" },
  ".cm-tooltip": { backgroundColor: "var(--ground)", color: "var(--ink)", border: "1px solid var(--line)", borderRadius: "8px", boxShadow: "var(--lifted)", zIndex: "90" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "inherit", maxHeight: "17rem", minWidth: "16rem" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: ".25rem .625rem", display: "flex", gap: ".75rem", alignItems: "baseline" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": { backgroundColor: "var(--accent-soft)", color: "var(--ink)" },
  ".cm-tooltip-autocomplete completion-section": { padding: ".375rem .625rem .125rem", fontSize: ".75rem", fontWeight: "600", color: "var(--quiet)", borderBottom: "0", opacity: "1" },
  ".cm-completionLabel": { fontFamily: "ui-monospace, SFMono-Regular, Menlo, monospace" },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "700", color: "var(--accent)" },
  ".cm-completionDetail": { marginLeft: "auto", fontStyle: "normal", color: "var(--quiet)", fontSize: ".8125rem" },
  ".cm-completionInfo": { padding: ".5rem .75rem", maxWidth: "20rem" },
  ".cm-diagnostic": { padding: ".375rem .625rem", fontFamily: "inherit" },
  ".cm-diagnostic-error": { borderLeftColor: "var(--bad)" },
  ".cm-diagnostic-warning": { borderLeftColor: "var(--warn)" },
  ".cm-panels": { backgroundColor: "var(--raised)", color: "var(--ink)" },
  ".cm-panels.cm-panels-top": { borderBottom: "1px solid var(--line)" },
  ".cm-textfield": { backgroundColor: "var(--ground)", color: "var(--ink)", border: "1px solid var(--line)", borderRadius: "4px" },
  ".cm-button": { backgroundImage: "none", backgroundColor: "var(--ground)", color: "var(--ink)", border: "1px solid var(--line)", borderRadius: "4px" },
  ".ct-output, .ct-tag": { borderRadius: "4px", padding: "1px 0" },
  ".ct-output": { backgroundColor: "var(--accent-soft)" },
  ".ct-output, .ct-output *": { color: "var(--accent)" },
  ".ct-tag": { backgroundColor: "var(--cool-soft)" },
  ".cm-snippetField": { backgroundColor: "var(--accent-soft)" },
});
