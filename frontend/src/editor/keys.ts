// Keys and what turns into something while typing ("## " becomes a heading).
import { baseKeymap, chainCommands } from "prosemirror-commands";
import { InputRule, inputRules, textblockTypeInputRule, undoInputRule, wrappingInputRule } from "prosemirror-inputrules";
import { keymap } from "prosemirror-keymap";
import type { Command, Plugin } from "prosemirror-state";
import { goToNextCell } from "prosemirror-tables";
import { commands } from "./commands";
import { schema } from "./schema";

const { nodes } = schema;

export const keys = (more: Record<string, Command>): Plugin[] => [
  keymap(more),
  keymap({
    "Mod-z": commands.undo,
    "Mod-y": commands.redo,
    "Shift-Mod-z": commands.redo,
    "Mod-b": commands.strong,
    "Mod-i": commands.em,
    "Mod-.": commands.superscript,
    "Mod-,": commands.subscript,
    "Mod-Alt-0": commands.paragraph,
    "Mod-Alt-2": commands.heading2,
    "Mod-Alt-3": commands.heading3,
    "Mod-Alt-4": commands.heading4,
    "Mod-Shift-7": commands.ordered_list,
    "Mod-Shift-8": commands.bullet_list,
    "Mod-Shift-9": commands.blockquote,
    "Shift-Enter": commands.break,
    "Mod-Enter": commands.break,
    Enter: commands.split_item,
    // Tab leaves the text, as everywhere, except where it moves between cells; lists are indented with Ctrl+].
    Tab: goToNextCell(1),
    "Shift-Tab": goToNextCell(-1),
    "Mod-]": commands.sink,
    "Mod-[": commands.lift,
    Backspace: undoInputRule,
  }),
  keymap({ ...baseKeymap, Backspace: chainCommands(baseKeymap.Backspace) }),
];

const headings = [2, 3, 4].map((level) => textblockTypeInputRule(new RegExp(`^#{${level}}\\s$`), nodes.heading, { level }));

export const typing = (): Plugin =>
  inputRules({
    rules: [
      ...headings,
      wrappingInputRule(/^\s*([-*])\s$/, nodes.bullet_list),
      wrappingInputRule(
        /^(\d{1,4})\.\s$/,
        nodes.ordered_list,
        (match) => ({ start: Number(match[1]) }),
        (match, node) => node.childCount + (node.attrs.start as number) === Number(match[1]),
      ),
      wrappingInputRule(/^\s*>\s$/, nodes.blockquote),
      new InputRule(/--\s$/, "– "),
    ],
  });
