"""Which sections stand on which page of a version's published PDF."""

import logging

import pypdfium2 as pdfium

from strategies.models import Publication, Version
from strategies.queries.outline import outline
from strategies.states import PublicationState

logger = logging.getLogger(__name__)


def pages_of(version: Version) -> dict[int, list[int]]:
    """Printed page -> ids of the sections on it, in reading order; empty when there is no PDF. Two to four queries.

    The PDF is our own: its outline names the sections in order, and its page labels are what is printed at the foot.
    """
    publication = (
        version.publications.filter(state=PublicationState.DONE, format="pdf").order_by("-finished_at").first()
    )
    if publication is None:
        return {}
    try:
        return _pages(publication, version)
    except (OSError, ValueError, KeyError, pdfium.PdfiumError):
        logger.exception("The pages of publication %s could not be read", publication.pk)
        return {}


def _pages(publication: Publication, version: Version) -> dict[int, list[int]]:
    with publication.file.open("rb") as file:
        document = pdfium.PdfDocument(file.read())
    try:
        starts = _starts(document, version)
        labels = [document.get_page_label(n) for n in range(len(document))]
    finally:
        document.close()
    found: dict[int, list[int]] = {}
    for n, label in enumerate(labels):
        on = [section for section, first, last in starts if first <= n <= last]
        number = int(label) if label.isdecimal() else n + 1
        found.setdefault(number, on)
    return found


def _starts(document: pdfium.PdfDocument, version: Version) -> list[tuple[int, int, int]]:
    """(section id, first page, last page), pages counted from 0."""
    marks = []
    for mark in document.get_toc():
        dest = mark.get_dest()
        index = dest.get_index() if dest is not None else None
        if index is not None:
            marks.append((_plain(mark.get_title()), index))
    found: list[tuple[int, int]] = []
    at = 0
    for node in outline(version):
        wanted = _plain(f"{node.code} {node.title}"), _plain(node.title)
        hit = next((n for n in range(at, len(marks)) if marks[n][0] in wanted or marks[n][0].endswith(wanted[1])), None)
        if hit is not None:
            found.append((node.section.pk, marks[hit][1]))
            at = hit + 1
    ends = [first for _pk, first in found[1:]] + [len(document) - 1]
    return [(pk, first, end) for (pk, first), end in zip(found, ends, strict=True)]


def _plain(words: str) -> str:
    return "".join(sign for sign in words.casefold() if sign.isalnum())
