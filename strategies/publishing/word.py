"""A frozen version as a Word document that can come back: every block has its number and a bookmark that says where it is.

A bookmark is ``rus_<section id>_<n>``: the n-th text block of the section's document (``block_of`` reads it). Comments and
tracked changes in the margin are found again by it, also when the words around them have changed.
"""

import io
import re
from collections.abc import Sequence
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docx.shared import Cm

from strategies.domain.anchors.text import text_blocks
from strategies.domain.paragraphs import Paragraphs, paragraphs_in
from strategies.models import Image, Version
from strategies.publishing import ooxml
from strategies.publishing.tree import made_at, named, text_sha256
from strategies.publishing.typesetting import ready
from strategies.queries.outline import OutlineNode, outline

Node = dict[str, Any]
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
BOOKMARK = re.compile(r"rus_(\d{1,18})(?:_(\d{1,6}))?")
KEY = re.compile(r"RUS-V(\d{1,18})-([0-9a-f]{12})")
WIDEST = Cm(16)


def version_key(version: Version) -> str:
    """What the document says of itself, so that one of another version is known when it comes back."""
    return f"RUS-V{version.pk}-{text_sha256(version)[:12]}"


def version_docx(version: Version, *, lead: Sequence[str] = ()) -> bytes:
    """The version as a Word file; ``lead``: paragraphs before the text. A constant number of queries."""
    with translation.override("sv"):
        return _Writer(version).write(lead)


class _Writer:
    def __init__(self, version: Version) -> None:
        self.version, self.tree = version, outline(version, with_text=True)
        self.numbers: Paragraphs = paragraphs_in(self.tree)
        self.images = {str(image.uuid): image for image in Image.objects.filter(strategy_id=version.strategy_id)}
        self.municipalities = version.strategy.actors.filter(kind="municipality").count()
        self.document = ooxml.new_document(
            title=f"{version.strategy.title}. {version.label}", subject=version.label, made_at=made_at(version)
        )
        self.bookmarks, self.notes = ooxml.Bookmarks(), ooxml.Footnotes()
        self.abstracts: dict[str, Any] = {}
        self.styles: dict[str, str | None] = {}  # a style's name -> what the file calls it
        self.where: Any = self.document
        self.node: OutlineNode | None = None
        self.count = 0
        self.waiting = ""  # a number that belongs to the next paragraph
        self.by_block: dict[str, int] = {}

    def write(self, lead: Sequence[str]) -> bytes:
        document = self.document
        document.add_heading(self.version.strategy.title, 0)
        document.add_paragraph(f"{self.version.strategy.owner.name}. {self.version.label}")
        for words in lead:
            document.add_paragraph(words)
        document.add_paragraph(_("Versionsnyckel: %(key)s") % {"key": version_key(self.version)})
        for node in self.tree:
            self.section(node)
        self.notes.attach(document)
        return ooxml.saved(document)

    def section(self, node: OutlineNode) -> None:
        self.node, self.count = node, 0
        self.by_block = self.numbers.numbers(node.uuid)
        heading = self.document.add_heading(f"{node.code} {node.title}".strip(), min(node.level, 6))
        self.bookmarks.around(heading, f"rus_{node.section.pk}")
        facts = []
        if node.section.target_year:
            facts.append(_("Målår: %(year)s.") % {"year": node.section.target_year})
        if people := named(node.section, self.municipalities):
            facts.append(_("Ansvariga: %(who)s.") % {"who": ", ".join(people)})
        if facts:
            self.document.add_paragraph(" ".join(facts)).runs[0].italic = True
        self.blocks(ready(node.section.doc).get("content") or [], "Normal")

    def blocks(self, items: Sequence[Node], style: str, number: Any = None) -> None:
        for item in items:
            self._count(item)
            getattr(self, item["type"])(item, style, number)

    def _count(self, item: Node) -> None:
        """The number of the paragraph that begins with this block, to be written with its first words."""
        own = self.by_block.get(str((item.get("attrs") or {}).get("id") or ""))
        if own is not None:
            self.waiting = f"[{own}] "

    # --- blocks

    def paragraph(self, item: Node, style: str, number: Any) -> Any:
        paragraph = self._begin(style)
        if number is not None:
            ooxml.follow_list(paragraph, number)
        return self._words(paragraph, item)

    def _begin(self, style: str) -> Any:
        """A new paragraph. Each style is looked up once: the library searches through all of them every time."""
        if style not in self.styles:
            self.styles[style] = self.document.part.get_style_id(style, WD_STYLE_TYPE.PARAGRAPH)
        paragraph = self.where.add_paragraph()
        paragraph._p.style = self.styles[style]
        return paragraph

    def heading(self, item: Node, style: str, number: Any) -> Any:
        assert self.node is not None
        level = min(6, (item.get("attrs") or {}).get("level", 2) + self.node.level - 1)
        return self._words(self._begin(f"Heading {level}"), item)

    def _words(self, paragraph: Any, item: Node) -> Any:
        assert self.node is not None
        if self.waiting:
            paragraph._p.append(ooxml.run(self.waiting, style=ooxml.NUMBER_STYLE))
            self.waiting = ""
        for part in self.inline(item.get("content") or []):
            paragraph._p.append(part)
        self.bookmarks.around(paragraph, f"rus_{self.node.section.pk}_{self.count}")
        self.count += 1
        return paragraph

    def blockquote(self, item: Node, style: str, number: Any) -> None:
        self.blocks(item.get("content") or [], "Quote")

    def bullet_list(self, item: Node, style: str, number: Any) -> None:
        for row in item.get("content") or []:
            self._item(row, "List Bullet 2" if style.startswith("List") else "List Bullet", None)

    def ordered_list(self, item: Node, style: str, number: Any) -> None:
        inner = "List Number 2" if style.startswith("List") else "List Number"
        start = int((item.get("attrs") or {}).get("start", 1))
        begun = ooxml.restart_list(self.document, None, inner, start, self.abstracts)
        for row in item.get("content") or []:
            self._item(row, inner, begun)

    def _item(self, row: Node, style: str, number: Any) -> None:
        self._count(row)
        first, *rest = row.get("content") or [{"type": "paragraph"}]
        self.blocks([first], style, number)
        self.blocks(rest, style if any(part["type"].endswith("list") for part in rest) else "List Continue")

    def horizontal_rule(self, item: Node, style: str, number: Any) -> None:
        self.where.add_paragraph("⁂")

    def figure(self, item: Node, style: str, number: Any) -> None:
        attrs = item["attrs"]
        image = self.images.get(attrs["image"])
        words = attrs.get("caption") or ""
        placed = self._picture(image, attrs.get("alt") or "") if image else False
        if not placed:
            words = words or _("[Bild: %(alt)s]") % {"alt": attrs.get("alt") or "–"}
        self._words(
            self._begin("Caption"),
            {"content": [{"type": "text", "text": words}] if words else []},
        )

    def _picture(self, image: Image, alt: str) -> bool:
        try:
            with image.file.open("rb") as file:
                run = self.where.add_paragraph().add_run()
                picture = run.add_picture(io.BytesIO(file.read()))
        except Exception:  # a picture that Word's library cannot read is described in words instead
            return False
        if picture.width > WIDEST:
            picture.height, picture.width = round(picture.height * WIDEST / picture.width), WIDEST
        picture._inline.docPr.set("descr", ooxml.legal(alt))
        return True

    # --- tables

    def table(self, item: Node, style: str, number: Any) -> None:
        rows = item.get("content") or []
        width = _width(rows)
        if self.waiting:
            self._begin("Caption")._p.append(ooxml.run(self.waiting, style=ooxml.NUMBER_STYLE))
            self.waiting = ""
        if not width:
            return
        grid = self.where.add_table(len(rows), width)
        grid.style = "Table Grid"
        taken: set[tuple[int, int]] = set()
        outside = self.where
        cells = [line.cells for line in grid.rows]  # once: each look at the grid goes through all of it
        for y, row in enumerate(rows):
            x = 0
            for cell in row["content"]:
                while (y, x) in taken:
                    x += 1
                x = self._cell(cells, cell, y, x, taken)
        self.where = outside
        if rows and all(cell["type"] == "table_header" for cell in rows[0]["content"]):
            grid.rows[0]._tr.get_or_add_trPr().append(ooxml.element("tblHeader"))

    def _cell(self, cells: Sequence[Any], cell: Node, y: int, x: int, taken: set[tuple[int, int]]) -> int:
        attrs = cell.get("attrs") or {}
        down, across = int(attrs.get("rowspan") or 1), min(_span(cell), len(cells[0]) - x)
        if across < 1:  # more cells than there are columns: its words are left out, its blocks still counted
            self.count += sum(not block.part for block in text_blocks(cell))
            return x
        taken |= {(y + dy, x + dx) for dy in range(down) for dx in range(across)}
        home = cells[y][x]
        if down > 1 or across > 1:
            home = home.merge(cells[min(y + down, len(cells)) - 1][x + across - 1])
        self.where, empty = home, home.paragraphs[0]
        content = cell.get("content") or []
        self.blocks(content, "Normal")
        if content and content[-1]["type"] in ("paragraph", "heading"):
            empty._p.getparent().remove(empty._p)
        if cell["type"] == "table_header":
            for paragraph in home.paragraphs:
                for part in paragraph.runs:
                    part.bold = True
        return x + across

    # --- words

    def inline(self, items: Sequence[Node]) -> list[Any]:
        return [made for item in items for made in self._part(item)]

    def _part(self, item: Node) -> list[Any]:
        kind = item["type"]
        if kind == "hard_break":
            made = ooxml.element("r")
            made.append(ooxml.element("br"))
            return [made]
        if kind == "ref":
            code, title = self.tree.labels.get(item["attrs"]["section"], ("", _("(avsnitt som inte finns kvar)")))
            return [ooxml.run(f"{code} {title}".strip(), style=ooxml.REF_STYLE)]
        if kind == "footnote":
            return [self.notes.add(self.inline(item.get("content") or []))]
        return [self._text(item)]

    def _text(self, item: Node) -> Any:
        made = ooxml.run(item["text"])
        marks = {mark["type"]: mark.get("attrs") or {} for mark in item.get("marks") or []}
        properties = ooxml.element("rPr")
        for mark, tag, attributes in (
            ("strong", "b", {}), ("em", "i", {}), ("superscript", "vertAlign", {"val": "superscript"}), ("subscript", "vertAlign", {"val": "subscript"}),
        ):  # fmt: skip
            if mark in marks:
                properties.append(ooxml.element(tag, **attributes))
        if len(properties):
            made.insert(0, properties)
        href = marks.get("link", {}).get("href", "")
        return self._link(made, href) if href.startswith(("http", "mailto:", "tel:")) else made

    def _link(self, made: Any, href: str) -> Any:
        link = ooxml.element("hyperlink")
        link.set(qn("r:id"), self.document.part.relate_to(href, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
        link.append(made)
        return link


def _width(rows: Sequence[Node]) -> int:
    """Columns, those that cells from rows above reach down into too."""
    taken: dict[int, int] = {}
    width = 0
    for y, row in enumerate(rows):
        across = taken.get(y, 0)
        for cell in row["content"]:
            across += _span(cell)
            for below in range(y + 1, y + int((cell.get("attrs") or {}).get("rowspan") or 1)):
                taken[below] = taken.get(below, 0) + _span(cell)
        width = max(width, across)
    return width


def _span(cell: Node) -> int:
    return max(1, int((cell.get("attrs") or {}).get("colspan") or 1))
