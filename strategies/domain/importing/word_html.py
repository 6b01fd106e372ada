"""HTML as Word and Google Docs put it on the clipboard, made plain. Changes an lxml tree in place; pure otherwise.

Word writes list items as paragraphs with "mso-list" and a typed bullet; Google Docs writes bold as ``font-weight`` and wraps
everything in a ``<b>`` that is not bold.
"""

import re
from typing import Any

from lxml import etree

LIST = re.compile(r"mso-list:\s*l\d+\s+level(\d)", re.IGNORECASE)
IGNORED = re.compile(r"mso-list:\s*ignore", re.IGNORECASE)
NUMBERED = re.compile(r"^\(?(?:\d{1,3}|[a-zåäö]|[ivx]{1,5})[.)]", re.IGNORECASE)
HEADING_CLASS = re.compile(r"\bMso(?:Heading|Rubrik)([1-6])\b")
TITLE_CLASS = re.compile(r"\bMsoTitle\b")
BOLD = re.compile(r"font-weight:\s*(?:bold|[6-9]00)", re.IGNORECASE)
NOT_BOLD = re.compile(r"font-weight:\s*(?:normal|[1-4]00)", re.IGNORECASE)
ITALIC = re.compile(r"font-style:\s*italic", re.IGNORECASE)
RAISED = re.compile(r"vertical-align:\s*(super|sub)\b", re.IGNORECASE)
DEEPEST = 6


def tidy_word(root: Any) -> None:
    """Lists as lists, headings as headings, marks as marks."""
    for dead in list(root.iter("style", "script", "xml", "meta", "link", "title")):
        dead.drop_tree()
    for element in list(root.iter("p", "div")):
        if match := HEADING_CLASS.search(element.get("class") or ""):
            element.tag = f"h{match[1]}"
    for element in list(root.iter("b")):
        if NOT_BOLD.search(element.get("style") or ""):
            element.drop_tag()
    for element in list(root.iter("span")):
        _marks(element)
    _lists(root)


def _marks(span: Any) -> None:
    style = span.get("style") or ""
    raised = RAISED.search(style)
    tags = [
        tag
        for tag, wanted in (
            ("strong", BOLD.search(style)),
            ("em", ITALIC.search(style)),
            (raised[1][:3].lower() if raised else "", raised),
        )
        if wanted
    ]
    if not tags:
        return
    span.tag = {"sup": "sup", "sub": "sub"}.get(tags[0], tags[0])
    for tag in tags[1:]:
        inner = etree.SubElement(span, tag)
        inner.text, span.text = span.text, None
        for child in list(span)[:-1]:
            inner.append(child)


def _lists(root: Any) -> None:
    """Runs of Word's list paragraphs, made into nested lists where the first of them stood."""
    done: set[Any] = set()
    for first in list(root.iter("p")):
        if first in done or not LIST.search(first.get("style") or ""):
            continue
        run, here = [first], first.getnext()
        while (
            here is not None
            and here.tag == "p"
            and LIST.search(here.get("style") or "")
            and not (run[-1].tail or "").strip()
        ):
            run.append(here)
            here = here.getnext()
        done.update(run)
        _as_list(run)


def _as_list(run: list[Any]) -> None:
    stack: list[Any] = []
    top = None
    parent = run[0].getparent()
    place = parent.index(run[0])
    for paragraph in run:
        match = LIST.search(paragraph.get("style") or "")
        level = min(DEEPEST, int(match[1])) if match else 1
        tag = "ol" if NUMBERED.match(_marker(paragraph)) else "ul"
        del stack[level:]
        while len(stack) < level:
            made = etree.Element(tag)
            if stack:
                items = stack[-1].findall("li")
                (items[-1] if items else etree.SubElement(stack[-1], "li")).append(made)
            stack.append(made)
            top = top if top is not None else made
        item = etree.SubElement(stack[-1], "li")
        tail, paragraph.tail = paragraph.tail, None
        item.append(paragraph)
        if paragraph is run[-1] and top is not None:
            top.tail = tail
    if top is not None:
        parent.insert(place, top)


def _marker(paragraph: Any) -> str:
    """The typed bullet or number, taken out of the paragraph."""
    for span in paragraph.iter("span"):
        if IGNORED.search(span.get("style") or ""):
            words = "".join(span.itertext()).strip()
            span.drop_tree()
            return words
    text = (paragraph.text or "").lstrip()
    if text[:1] in {"·", "•", "o", "§", "-", "–"} and text[1:2] in {"\xa0", " "}:
        paragraph.text = text[1:].lstrip("\xa0 ")
        return text[0]
    if match := NUMBERED.match(text):
        paragraph.text = text[match.end() :].lstrip("\xa0 ")
        return match[0]
    return ""
