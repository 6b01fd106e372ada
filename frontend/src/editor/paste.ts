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

const level = (item: HTMLElement): number => Number(/level(\d)/.exec(item.getAttribute("style") ?? "")?.[1] ?? 1);

/** Word writes lists as paragraphs with a bullet typed in; make them lists. */
export const wordLists = (root: ParentNode): void => {
  const items = Array.from(root.querySelectorAll<HTMLElement>("p[style*='mso-list'], p[class^='MsoListParagraph']")).filter((p) => /mso-list:\s*l\d/.test(p.getAttribute("style") ?? ""));
  const stack: { level: number; list: HTMLElement }[] = [];
  let previous: Element | null = null;
  for (const item of items) {
    const deep = level(item);
    const marker = item.querySelector<HTMLElement>("span[style*='mso-list:Ignore'], span[style*='mso-list: Ignore']");
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

const clean = (html: string): string => {
  const document = new DOMParser().parseFromString(html.replace(/<!--\[if[^]*?<!\[endif\]-->/g, ""), "text/html");
  for (const element of document.querySelectorAll("script, style, template, noscript, iframe, object, embed, link, meta, title, svg, math")) element.remove();
  wordLists(document.body);
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
