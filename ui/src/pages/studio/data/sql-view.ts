/** The text field of a query: CodeMirror with DuckDB's words, and the session's tables and columns to complete. */

import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { PostgreSQL, SQLDialect, sql } from '@codemirror/lang-sql';
import { bracketMatching, HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { Compartment, EditorState, type Extension } from '@codemirror/state';
import { EditorView, keymap, placeholder } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { completionsOf, sqlName, type Table } from './sql-names.ts';

export interface SqlViewOptions {
  parent: HTMLElement;
  text: string;
  tables: readonly Table[];
  onchange: (text: string) => void;
  onrun: () => void;
}

export interface SqlView {
  /** Takes the place of all that is written. */
  setText(text: string): void;
  /** Puts a name in place of what is selected, quoted where SQL asks for it, and goes on there. */
  insertName(name: string): void;
  setTables(tables: readonly Table[]): void;
  focus(): void;
  destroy(): void;
}

/** What DuckDB adds to the dialect that it follows. */
const DUCKDB = SQLDialect.define({
  ...PostgreSQL.spec,
  keywords: `${PostgreSQL.spec.keywords} qualify pivot unpivot exclude sample summarize describe asof positional`,
});

const COLOURS = HighlightStyle.define([
  { tag: [tags.keyword, tags.typeName, tags.bool, tags.null], color: 'var(--ultramarine-ink)' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--verdigris-ink)' },
  { tag: tags.number, color: 'var(--ochre-ink)' },
  { tag: tags.comment, color: 'var(--ink-3)', fontStyle: 'italic' },
]);

const THEME = EditorView.theme({
  '&': {
    color: 'var(--ink)',
    background: 'var(--sunken)',
    border: '1px solid var(--hairline)',
    borderRadius: '6px',
    fontSize: '13px',
  },
  '&.cm-focused': { outline: '2px solid var(--focus)', outlineOffset: '1px' },
  '.cm-scroller': { fontFamily: 'var(--font-mono, monospace)', lineHeight: '20px', maxHeight: '40vh' },
  '.cm-content': { minHeight: '120px', padding: '8px 4px', caretColor: 'var(--ink)' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground': { background: 'var(--selection)' },
  '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': {
    background: 'none',
    outline: '1px solid var(--ink-3)',
  },
  '.cm-placeholder': { color: 'var(--ink-3)' },
  '.cm-tooltip': {
    color: 'var(--ink)',
    background: 'var(--raised)',
    border: '1px solid var(--hairline)',
    borderRadius: '6px',
    overflow: 'hidden',
  },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': { color: 'var(--paper)', background: 'var(--ink)' },
  '.cm-completionDetail': { color: 'inherit', opacity: '0.7' },
});

/** Makes the field in `parent`. Tab leaves it, as it leaves every other field. */
export function createSqlView({ parent, text, tables, onchange, onrun }: SqlViewOptions): SqlView {
  const language = new Compartment();
  const run = () => {
    onrun();
    return true;
  };
  const extensions: Extension[] = [
    keymap.of([
      { key: 'Mod-Enter', run },
      ...closeBracketsKeymap,
      ...completionKeymap,
      ...historyKeymap,
      ...defaultKeymap,
    ]),
    history(),
    closeBrackets(),
    bracketMatching(),
    autocompletion({ icons: false }),
    language.of(languageFor(tables)),
    syntaxHighlighting(COLOURS),
    THEME,
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({ 'aria-label': 'SQL', spellcheck: 'false' }),
    placeholder('SELECT …'),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) onchange(update.state.doc.toString());
    }),
  ];
  const view = new EditorView({ parent, state: EditorState.create({ doc: text, extensions }) });
  return {
    setText: (next) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: next } }),
    insertName(name) {
      view.dispatch(view.state.replaceSelection(sqlName(name)));
      view.focus();
    },
    setTables: (next) => view.dispatch({ effects: language.reconfigure(languageFor(next)) }),
    focus: () => view.focus(),
    destroy: () => view.destroy(),
  };
}

const languageFor = (tables: readonly Table[]): Extension =>
  sql({ dialect: DUCKDB, schema: completionsOf(tables), upperCaseKeywords: true });
