"""Where a point's words stand, by paragraph number: the same name on screen, in print and in a form."""

from consultations.models import Point
from strategies.domain.anchors.text import text_blocks
from strategies.domain.paragraphs import Paragraphs, paragraphs_in
from strategies.models import Version
from strategies.queries.outline import Outline, outline


class Numbering:
    """The paragraph numbers of a version, and the sections to look them up in. Three queries when it is made."""

    def __init__(self, version: Version) -> None:
        self.tree: Outline = outline(version, with_text=True)
        self.paragraphs: Paragraphs = paragraphs_in(self.tree)
        self._sections = {node.section.pk: node.section for node in self.tree}

    def label(self, point: Point) -> str:
        """ "Mål 2 stycke 7", or "Mål 2 stycke 7–8"; empty for a point that is not about exact words."""
        section = self._sections.get(point.section_id or 0)
        if point.anchor is None or section is None:
            return ""
        touched = [
            row
            for block in text_blocks(section.doc)
            if block.start < point.anchor.end and block.end > point.anchor.start and block.id
            if (row := self.paragraphs.of_block(section.uuid, block.id)) is not None
        ]
        if not touched:
            return ""
        first, last = touched[0], touched[-1]
        return first.label if first.number == last.number else f"{first.label}–{last.number}"
