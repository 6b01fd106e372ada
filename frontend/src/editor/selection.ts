// The browser tells of a moved selection a while after it has moved; on a busy machine long after the next key has come.
// Whatever works on the editor's selection asks for it first, or it works at the place where the cursor was before.
import { Plugin } from "prosemirror-state";
import type { EditorView } from "prosemirror-view";

/** The editor knows where the cursor is now. */
export const readSelection = (view: EditorView): void => {
  if (!view.composing && view.hasFocus()) document.dispatchEvent(new Event("selectionchange"));
};

const first = (view: EditorView, event: Event): boolean => {
  if (!(event instanceof KeyboardEvent && (event.isComposing || event.keyCode === 229))) readSelection(view);
  return false;
};

export const currentSelection = (): Plugin => new Plugin({ props: { handleDOMEvents: { keydown: first, paste: first, cut: first, copy: first } } });
