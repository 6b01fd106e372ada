// What is pasted or dropped: the schema cleans it; Word's lists become lists; too much is refused in words.
import { Slice } from "prosemirror-model";
import { Plugin } from "prosemirror-state";
import { words } from "./words";

const MOST_TEXT = 1_000_000; // characters of plain text
const MOST_HTML = 8_000_000; // Word writes much around few words

export interface PasteHost {
  refuse(message: string): void;
  image(file: File): void;
  notice(message: string): void;
}

const megabytes = (characters: number): string => (characters / 1_000_000).toLocaleString("sv", { maximumFractionDigits: 1 });

// The content security policy refuses (and reports) styles and handlers even in a document that is never shown, so
// handlers go first and styles are read as data. This is for quiet: what keeps scripts out is the schema.
const disarmed = (html: string): string =>
  html
    .replace(/<!--\[if[^]*?<!\[endif\]-->/g, "")
    .replace(/<(style|script)\b[^]*?<\/\1\s*>/gi, "")
    .replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/[\s/]on[a-z]+\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)/gi, " ").replace(/\sstyle\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)/gi, " data-style=$1"));

const styleOf = (element: Element): string => element.getAttribute("data-style") ?? "";
const level = (item: Element): number => Number(/level(\d)/.exec(styleOf(item))?.[1] ?? 1);

/** Word writes lists as paragraphs with a bullet typed in; make them lists. */
export const wordLists = (root: ParentNode): void => {
  const items = Array.from(root.querySelectorAll<HTMLElement>("p[data-style*='mso-list']")).filter((p) => /mso-list:\s*l\d/.test(styleOf(p)));
  const stack: { level: number; list: HTMLElement }[] = [];
  let previous: Element | null = null;
  for (const item of items) {
    const deep = level(item);
    const marker = item.querySelector<HTMLElement>("span[data-style*='mso-list:Ignore'], span[data-style*='mso-list: Ignore']");
    const sign = (marker?.textContent ?? "").trim();
    const kind = /^[\dA-Za-z]{1,3}[.)]/.test(sign) ? "ol" : "ul";
    marker?.remove();
    if (previous === null || item.previousElementSibling !== previous) stack.length = 0;
    while (stack.length && stack[stack.length - 1].level > deep) stack.pop();
    let top = stack[stack.length - 1];
    if (!top || top.level < deep) {
      const list = item.ownerDocument.createElement(kind);
      if (top) (top.list.lastElementChild ?? top.list).append(list);
      else item.before(list);
      stack.push((top = { level: deep, list }));
    }
    const li = item.ownerDocument.createElement("li");
    li.append(...Array.from(item.childNodes));
    top.list.append(li);
    item.remove();
    previous = stack[0].list;
  }
};

const LOOKS: [RegExp, string][] = [
  [/font-weight:\s*(bold|[6-9]00)/i, "strong"],
  [/font-style:\s*italic/i, "em"],
  [/vertical-align:\s*super/i, "sup"],
  [/vertical-align:\s*sub\b/i, "sub"],
];

/** Google Docs and others say bold and italic with styles; say it with elements. */
const looks = (root: ParentNode): void => {
  for (const element of root.querySelectorAll("b[data-style*='font-weight:normal'], b[data-style*='font-weight: normal']")) element.replaceWith(...element.childNodes);
  for (const element of root.querySelectorAll("span[data-style]")) {
    for (const [pattern, tag] of LOOKS) {
      if (!pattern.test(styleOf(element))) continue;
      const wrapper = element.ownerDocument.createElement(tag);
      wrapper.append(...element.childNodes);
      element.append(wrapper);
    }
  }
  for (const element of root.querySelectorAll("[data-style]")) element.removeAttribute("data-style");
};

const clean = (html: string): string => {
  const document = new DOMParser().parseFromString(disarmed(html), "text/html");
  for (const element of document.querySelectorAll("script, style, template, noscript, iframe, object, embed, link, meta, title, svg, math")) element.remove();
  wordLists(document.body);
  looks(document.body);
  return document.body.innerHTML;
};

const imageIn = (data: DataTransfer | null): File | null => Array.from(data?.files ?? []).find((file) => file.type.startsWith("image/")) ?? null;

export const pasting = (host: PasteHost): Plugin =>
  new Plugin({
    props: {
      transformPastedHTML: (html) => {
        if (/<img\b/i.test(html)) host.notice(words("paste-images"));
        return clean(html);
      },
      transformPasted: (slice) => (slice.content.size > MOST_TEXT * 1.5 ? Slice.empty : slice),
      handleDOMEvents: {
        paste: (_view, event) => {
          const data = event.clipboardData;
          const text = data?.getData("text/plain").length ?? 0;
          const html = data?.getData("text/html").length ?? 0;
          if (text > MOST_TEXT || html > MOST_HTML) {
            event.preventDefault();
            host.refuse(words("paste-too-large", { size: megabytes(Math.max(text, html)) }));
            return true;
          }
          const image = imageIn(data);
          if (image && !html && !text) {
            event.preventDefault();
            host.image(image);
            return true;
          }
          return false;
        },
        drop: (_view, event) => {
          const image = imageIn(event.dataTransfer);
          if (!image) return false;
          event.preventDefault();
          host.image(image);
          return true;
        },
      },
    },
  });
