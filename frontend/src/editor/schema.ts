// The document's shape: the same JSON file that Python loads, plus how each node looks in the browser.
import { Schema, type Attrs, type DOMOutputSpec, type Mark, type MarkSpec, type Node, type NodeSpec, type TagParseRule } from "prosemirror-model";
import spec from "../../../strategies/schema/document.json";

// The same expression stands in strategies/schema/__init__.py.
export const HREF = /^(?:https?:\/\/|mailto:|tel:|\/(?!\/)|#)[^\s<>"\\\x00-\x1f\x7f]{0,1990}$/i;
const ID = /^[A-Za-z][A-Za-z0-9_-]{0,39}$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export const newId = (): string => {
  const bytes = crypto.getRandomValues(new Uint8Array(7));
  return "b" + Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
};

type Dom = Pick<NodeSpec, "parseDOM" | "toDOM">;

const idOf = (dom: HTMLElement): string | null => (ID.test(dom.dataset.block ?? "") ? dom.dataset.block! : null);
const shown = (node: Node, more: Record<string, string | number | null> = {}): Record<string, string | number | null> => ({
  "data-block": node.attrs.id as string | null,
  ...more,
});
const rule = (tag: string, attrs: (dom: HTMLElement) => Attrs | false = () => ({}), more: Partial<TagParseRule> = {}): TagParseRule => ({
  tag,
  ...more,
  getAttrs: (dom) => {
    const found = attrs(dom);
    return found === false ? false : { id: idOf(dom), ...found };
  },
});
const whole = (text: string | null, fallback: number, highest: number): number => {
  const number = /^\d{1,7}$/.test(text ?? "") ? Number(text) : fallback;
  return Math.min(highest, Math.max(1, number));
};
const cellAttrs = (dom: HTMLElement): Attrs => {
  const widths = (dom.dataset.colwidth ?? "").split(",").map(Number);
  const colspan = whole(dom.getAttribute("colspan"), 1, 100);
  const drawn = dom.dataset.colwidth && widths.length === colspan && widths.every((w) => Number.isInteger(w) && w >= 0 && w <= 10000);
  return { colspan, rowspan: whole(dom.getAttribute("rowspan"), 1, 1000), colwidth: drawn ? widths : null };
};
const cell = (tag: string): Dom => ({
  parseDOM: [rule(tag, cellAttrs)],
  toDOM: (node) => {
    const { colspan, rowspan, colwidth } = node.attrs;
    const attrs = { colspan: colspan === 1 ? null : colspan, rowspan: rowspan === 1 ? null : rowspan, "data-colwidth": colwidth?.join(",") ?? null };
    return [tag, shown(node, attrs), 0];
  },
});
const plain = (tag: string): Dom => ({ parseDOM: [rule(tag)], toDOM: (node) => [tag, shown(node), 0] });

const NODES: Record<string, Dom> = {
  doc: {},
  paragraph: plain("p"),
  heading: {
    parseDOM: ["h1", "h2", "h3", "h4", "h5", "h6"].map((tag, n) => rule(tag, () => ({ level: Math.min(4, Math.max(2, n + 1)) }))),
    toDOM: (node) => [`h${node.attrs.level}`, shown(node), 0],
  },
  blockquote: plain("blockquote"),
  bullet_list: plain("ul"),
  ordered_list: {
    parseDOM: [rule("ol", (dom) => ({ start: whole(dom.getAttribute("start"), 1, 1_000_000) }))],
    toDOM: (node) => ["ol", shown(node, { start: node.attrs.start === 1 ? null : node.attrs.start }), 0],
  },
  list_item: plain("li"),
  table: { parseDOM: [rule("table")], toDOM: (node) => ["table", shown(node), ["tbody", 0]] },
  table_row: plain("tr"),
  table_cell: cell("td"),
  table_header: cell("th"),
  figure: {
    parseDOM: [
      rule("figure[data-image]", (dom) => {
        const { image = "", alt = "", caption = "" } = dom.dataset;
        return UUID.test(image) ? { image, alt, caption, decorative: "decorative" in dom.dataset } : false;
      }),
    ],
    toDOM: (node) => {
      const { image, alt, caption, decorative } = node.attrs;
      const attrs = shown(node, { "data-image": image, "data-alt": alt, "data-caption": caption, "data-decorative": decorative ? "" : null });
      return ["figure", attrs, ["img", { src: `/bilder/${image}/`, alt: decorative ? "" : alt }], ...(caption ? [["figcaption", caption] as DOMOutputSpec] : [])];
    },
  },
  horizontal_rule: { parseDOM: [rule("hr")], toDOM: (node) => ["hr", shown(node)] },
  text: {},
  hard_break: { parseDOM: [{ tag: "br" }], toDOM: () => ["br"] },
  ref: {
    parseDOM: [{ tag: "[data-ref]", getAttrs: (dom) => (UUID.test(dom.dataset.ref ?? "") ? { section: dom.dataset.ref } : false) }],
    toDOM: (node) => ["a", { class: "ref", "data-ref": node.attrs.section, href: `#avsnitt-${node.attrs.section}` }, "§"],
  },
  footnote: {
    parseDOM: [{ tag: "span[data-footnote]" }],
    toDOM: () => ["span", { "data-footnote": "" }, 0],
  },
};

type Look = Pick<MarkSpec, "parseDOM" | "toDOM">;
// Around a block the element only says what it is; the block itself is laid out as without it.
const suggestion = (tag: string): Look => ({ toDOM: (mark, inline) => [tag, { "data-suggestion": mark.attrs.id, ...(inline ? {} : { class: "suggested-around" }) }, 0] });
const isTag = (tag: string, mark: string): Look => ({ parseDOM: [{ tag }], toDOM: () => [mark, 0] });

const MARKS: Record<string, Look> = {
  link: {
    parseDOM: [{ tag: "a[href]:not([data-ref])", getAttrs: (dom) => (HREF.test(dom.getAttribute("href") ?? "") ? { href: dom.getAttribute("href") } : false) }],
    toDOM: (mark: Mark) => ["a", { href: mark.attrs.href, rel: "noopener" }, 0],
  },
  strong: { parseDOM: [{ tag: "strong" }, { tag: "b" }], toDOM: () => ["strong", 0] },
  em: { parseDOM: [{ tag: "em" }, { tag: "i" }], toDOM: () => ["em", 0] },
  superscript: isTag("sup:not(.footnote-ref)", "sup"),
  subscript: isTag("sub", "sub"),
  insertion: suggestion("ins"),
  deletion: suggestion("del"),
  modification: suggestion("span"),
};

const joined = <T extends object>(specs: object, looks: Record<string, T>): Record<string, T> =>
  Object.fromEntries(
    Object.entries(specs).map(([name, own]) => {
      const copy = { ...own, ...looks[name] };
      // Python has rules behind these; here a type name is enough, for nothing is sent that was not made by the editor.
      return [name, copy];
    }),
  );

export const schema = new Schema({
  nodes: joined(spec.nodes, NODES) as Record<string, NodeSpec>,
  marks: joined(spec.marks, MARKS) as Record<string, MarkSpec>,
  topNode: spec.topNode,
});

export const SCHEMA_VERSION: number = spec.version;
export const isBlock = (node: Node): boolean => "id" in node.attrs;
