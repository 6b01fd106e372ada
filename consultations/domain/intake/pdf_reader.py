"""Reads a PDF in a process of its own, with limits: ``python -m consultations.domain.intake.pdf_reader < file.pdf``.

Writes a JSON object a line: {"page", "of"} for progress, {"lines": [...], "pages", "blank": [...]} at the end, or {"error": ...}.
A hostile file can take this process down, not the worker. Imports no Django, so that it starts at once.
"""

import ctypes
import re
import sys
from collections import Counter
from typing import Any

from consultations.domain.intake.confined import confine, say

MOST_PAGES = 1000
MOST_LETTERS = 4_000_000
NEW_LINE = ("\n", "\r")
BULLET = re.compile(r"^(?:[-–—•·*▪■○]|\(?\d{1,3}[.)]|[a-zåäö]\))\s", re.IGNORECASE)

Row = dict[str, Any]


def main() -> None:
    confine()
    import pypdfium2 as pdfium  # after the limits: they hold for the library too

    try:
        document = pdfium.PdfDocument(sys.stdin.buffer.read())
    except pdfium.PdfiumError as error:
        say(error="password" if "assword" in str(error) else "damaged")
        return
    pages: list[list[Row]] = []
    letters = 0
    for number in range(min(len(document), MOST_PAGES)):
        say(page=number + 1, of=len(document))
        rows = lines_of(document, number, pdfium.raw)
        letters += sum(len(row["text"]) for row in rows)
        pages.append(rows)
        if letters > MOST_LETTERS:
            break
    without_margins(pages)
    blank = [number for number, rows in enumerate(pages, 1) if sum(len(row["text"]) for row in rows) < 20]
    say(lines=paragraphs(pages), pages=len(document), blank=blank, read=len(pages), end=True)


def lines_of(document: Any, number: int, raw: Any) -> list[Row]:
    """The lines of a page: text, left and right edge, top, height of its letters."""
    try:
        page = document[number]
        words = page.get_textpage()
    except Exception:  # a page that is broken is a page without text
        return []
    rows, text, first, last = [], "", -1, -1
    for index in range(words.count_chars()):
        letter = raw.FPDFText_GetUnicode(words.raw, index)
        sign = chr(letter) if 0 < letter < 0xD800 or 0xE000 <= letter < 0x110000 else ""
        if sign in NEW_LINE:
            if text.strip():
                rows.append(measured(words, raw, text, first, last))
            text, first = "", -1
        elif sign:
            if first < 0 and not sign.isspace():
                first = index
            last = index if not sign.isspace() else last
            text += sign
    if text.strip():
        rows.append(measured(words, raw, text, first, last))
    words.close()
    page.close()
    return [row for row in rows if row["text"]]


def measured(words: Any, raw: Any, text: str, first: int, last: int) -> Row:
    left, bottom, right, top = box(words, raw, first)
    _left, _bottom, end, _top = box(words, raw, last)
    size = raw.FPDFText_GetFontSize(words.raw, first)
    soft = text.rstrip().endswith(("\x02", "\xad", "\ufffe"))
    clean = "".join(sign for sign in text if sign >= " " and sign not in "\ufffe\uffff\xad")
    return {
        "text": " ".join(clean.split()),
        "left": left,
        "right": max(right, end),
        "top": top,
        "size": size,
        "soft": soft,
    }


def box(words: Any, raw: Any, index: int) -> tuple[float, float, float, float]:
    left, right, bottom, top = (ctypes.c_double() for _n in range(4))
    raw.FPDFText_GetCharBox(words.raw, index, left, right, bottom, top)
    return left.value, bottom.value, right.value, top.value


def without_margins(pages: list[list[Row]]) -> None:
    """Take away page numbers, and what stands first or last on most pages (heads and feet)."""
    seen: Counter[str] = Counter()
    for rows in pages:
        seen.update({shape(row) for row in [*rows[:2], *rows[-2:]]})
    common = {words for words, count in seen.items() if count >= max(3, len(pages) // 2)}
    for rows in pages:
        for row in [*rows[:2], *rows[-2:]]:
            if row in rows and (
                shape(row) in common
                or re.fullmatch(r"[-–\s]*(?:sida\s*)?\d{1,4}(?:\s*\(\d+\)|\s*av\s*\d+)?[-–\s]*", row["text"], re.I)
            ):
                rows.remove(row)


def shape(row: Row) -> str:
    return re.sub(r"\d+", "#", row["text"]).casefold()


def paragraphs(pages: list[list[Row]]) -> list[Row]:
    """Lines joined to paragraphs, over page breaks too; {text, kind, page}."""
    sizes = Counter(round(row["size"], 1) for rows in pages for row in rows for _letter in row["text"])
    body = sizes.most_common(1)[0][0] if sizes else 10.0
    found: list[Row] = []
    before: Row | None = None
    for number, rows in enumerate(pages, 1):
        edge = sorted(row["right"] for row in rows)[int(len(rows) * 0.8)] if rows else 0.0
        gaps = sorted(
            one["top"] - two["top"] for one, two in zip(rows, rows[1:], strict=False) if one["top"] > two["top"]
        )
        usual = gaps[len(gaps) // 3] if gaps else 14.0
        fresh_page = True
        for row in rows:
            heading = round(row["size"], 1) >= body * 1.15 and len(row["text"]) < 200
            if before is None or begins(row, before, usual, edge, fresh_page, heading):
                found.append(
                    {
                        "text": row["text"],
                        "kind": "heading" if heading else "item" if BULLET.match(row["text"]) else "",
                        "page": number,
                    }
                )
            else:
                found[-1]["text"] = joined(found[-1]["text"], row["text"], before["soft"])
            before, fresh_page = row | {"heading": heading, "edge": edge}, False
    return found


def begins(row: Row, before: Row, usual: float, edge: float, fresh_page: bool, heading: bool) -> bool:
    """Whether a line begins a paragraph."""
    if heading or before["heading"]:
        return not (
            heading
            and before["heading"]
            and not fresh_page
            and abs(row["size"] - before["size"]) < 0.5
            and before["top"] - row["top"] < usual * 2
        )
    if BULLET.match(row["text"]):
        return True
    ended = before["text"].rstrip().endswith((".", "!", "?", ":", "”", '"'))
    if fresh_page:
        return ended or not row["text"][:1].islower()
    gap = before["top"] - row["top"]
    if gap > usual * 1.45 or gap < 0:
        return True
    short = before["right"] < before["edge"] - max(40.0, row["size"] * 5)
    return ended and short


def joined(text: str, more: str, soft: bool) -> str:
    """Two lines as one; a word that was divided at the end of the line is whole again."""
    if soft or (
        text.endswith("-")
        and more[:1].islower()
        and len(text) > 1
        and text[-2].isalpha()
        and not more.startswith(("och ", "eller "))
    ):
        return text.rstrip("-") + more
    return f"{text} {more}"


if __name__ == "__main__":
    try:
        main()
    except MemoryError:
        say(error="memory")
