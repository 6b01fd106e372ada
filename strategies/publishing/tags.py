"""Tags of a PDF: one structure element per source element, however many pages it runs over.

WeasyPrint 70.0 builds the tag tree page by page, so a table over three pages becomes three tables with three headers. Here
the tree is built from the laid-out pages before they are painted: boxes are gathered under the HTML element they come from,
repeated table headers and page margins become artifacts, headers get their scope, footnotes stand as notes beside the block
that calls them, links say in words where they lead. ``tagged`` puts this in place of WeasyPrint's own while a file is
written; it relies on private names, which is why the version is pinned and checked, and the result counted in tests.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pydyf
import weasyprint
import weasyprint.pdf
from weasyprint.pdf.stream import Stream

from strategies.publishing.tag_tree import Node, Tree

MADE_FOR = "70.0"
POINTS_PER_PIXEL = 0.75
SCOPES = {"col": "/Column", "row": "/Row", "colgroup": "/Column", "rowgroup": "/Row"}


class TagsDoNotFit(Exception):
    """The library is not the one that this module was written for."""


# --- writing


def _write(tree: Tree, pdf: Any, document: Any, streams: Sequence[Any]) -> None:
    """Put the tree into the file, with the map from painted content back to it (ISO 32000-1, 14.7)."""
    root = pydyf.Dictionary({"Type": "/StructTreeRoot"})
    pdf.add_object(root)
    parents: list[dict[int, bytes]] = [{} for _ in streams]
    annotations: list[tuple[bytes, Any]] = []
    names: list[tuple[str, bytes]] = []
    writer = _Writer(pdf, document, streams, parents, annotations, names)
    top = writer.element(tree.root, root.reference)
    left = sum(len(stream._tags) for stream in streams) - sum(len(page) for page in parents)
    if left:
        raise TagsDoNotFit(f"{left} pieces of painted content have no place in the structure")
    numbers = pydyf.Array()
    for number, page in enumerate(parents):
        numbers += [number, pydyf.Array([page[mcid] for mcid in sorted(page)])]
    for number, (reference, annotation) in enumerate(annotations, start=len(streams)):
        numbers += [number, reference]
        annotation["StructParent"] = number
    mapping = pydyf.Dictionary({"Nums": numbers})
    pdf.add_object(mapping)
    root["K"] = pydyf.Array([top])
    root["ParentTree"] = mapping.reference
    root["ParentTreeNextKey"] = len(streams) + len(annotations)
    if names:
        pairs = [part for name, reference in sorted(names) for part in (pydyf.String(name), reference)]
        root["IDTree"] = pydyf.Dictionary({"Names": pydyf.Array(pairs), "Limits": pydyf.Array([pairs[0], pairs[-2]])})
        identifiers = pydyf.Dictionary({"Kids": pydyf.Array([_added(pdf, root["IDTree"])])})
        root["IDTree"] = _added(pdf, identifiers)
    pdf.catalog["StructTreeRoot"] = root.reference
    pdf.catalog["ViewerPreferences"] = pydyf.Dictionary({"DisplayDocTitle": "true"})
    pdf.catalog["MarkInfo"] = pydyf.Dictionary({"Marked": "true"})


def _added(pdf: Any, value: Any) -> bytes:
    pdf.add_object(value)
    return bytes(value.reference)


@dataclass
class _Writer:
    pdf: Any
    document: Any
    streams: Sequence[Any]
    parents: list[dict[int, bytes]]
    annotations: list[tuple[bytes, Any]]
    names: list[tuple[str, bytes]]

    def __post_init__(self) -> None:
        self.pages = tuple(self.pdf.page_references)  # made anew each time it is asked for

    def element(self, node: Node, parent: bytes) -> bytes:
        """Write a node and what is in it; its reference."""
        made = pydyf.Dictionary({"Type": "/StructElem", "S": f"/{node.tag}", "P": parent})
        self.pdf.add_object(made)
        kids = pydyf.Array()
        made["Pg"] = self.pages[node.page]
        for page, annotation in node.annotations():
            kids.append(_added(self.pdf, self._annotation(node, page, annotation)))
            self.annotations.append((made.reference, annotation))
        for kid in _in_order(node):
            if isinstance(kid, Node):
                if not kid.empty():
                    kids.append(self.element(kid, made.reference))
            else:
                self._painted(node, kid, made, kids)
        made["K"] = kids
        self._describe(node, made)
        return bytes(made.reference)

    def _painted(self, node: Node, kid: tuple[int, Any], made: Any, kids: list[Any]) -> None:
        page, box = kid
        mark = self.streams[page]._tags.get(box)
        if mark is None:
            return
        mcid = mark["mcid"]
        self.parents[page][mcid] = made.reference
        if page == node.page:
            kids.append(mcid)
        else:
            kids.append(pydyf.Dictionary({"Type": "/MCR", "Pg": self.pages[page], "MCID": mcid}))

    def _annotation(self, node: Node, page: int, annotation: Any) -> Any:
        words = node.text()
        if words:
            annotation["Contents"] = pydyf.String(words)
        return pydyf.Dictionary({"Type": "/OBJR", "Obj": annotation.reference, "Pg": self.pages[page]})

    def _describe(self, node: Node, made: Any) -> None:
        """What the element says about itself."""
        attributes = ATTRIBUTES[node.tag](node) if node.tag in ATTRIBUTES else None
        if node.tag == "Figure":
            attributes = self._bounds(node)
        if attributes:
            made["A"] = attributes
        if node.alt:
            made["Alt"] = pydyf.String(node.alt)
        language = node.element.get("lang") if node.element is not None else None
        if language:
            made["Lang"] = pydyf.String(language)
        if node.identifier:
            made["ID"] = pydyf.String(node.identifier)
            self.names.append((node.identifier, made.reference))

    def _bounds(self, node: Node) -> Any:
        """The box of a figure, in points from the lower left corner."""
        box, height = node.box, self.document.pages[node.page].height
        left, top = box.content_box_x(), box.content_box_y()
        corners = (left, height - top - box.height, left + box.width, height - top)
        return pydyf.Dictionary(
            {"O": "/Layout", "BBox": pydyf.Array([round(n * POINTS_PER_PIXEL, 2) for n in corners])}
        )


def _in_order(node: Node) -> list[Any]:
    """A line of the contents floats its page number first; it is read last."""
    if node.parent is not None and node.parent.tag == "TOCI":
        return sorted(node.kids, key=lambda kid: not isinstance(kid, Node))
    return node.kids


def _cell(node: Node) -> Any:
    attributes = pydyf.Dictionary({"O": "/Table"})
    if node.tag == "TH":
        in_head = node.parent is not None and node.parent.parent is not None and node.parent.parent.tag == "THead"
        attributes["Scope"] = SCOPES.get(node.element.get("scope") or "", "/Column" if in_head else "/Row")
    for name, value in (("ColSpan", node.box.colspan), ("RowSpan", node.box.rowspan)):
        if value != 1:
            attributes[name] = value
    return attributes if len(attributes) > 1 else None


def _list(node: Node) -> Any:
    kind = "/Decimal" if node.element.tag == "ol" else "/Disc"
    if not any(
        isinstance(item, Node) and any(isinstance(kid, Node) and kid.tag == "Lbl" for kid in item.kids)
        for item in node.kids
    ):
        kind = "/None"
    return pydyf.Dictionary({"O": "/List", "ListNumbering": kind})


ATTRIBUTES: dict[str, Callable[[Node], Any]] = {"TH": _cell, "TD": _cell, "L": _list}


# --- in place of WeasyPrint's own

_one_at_a_time = threading.Lock()


@contextmanager
def tagged(document: Any, *, painted: Callable[[int], None] = lambda number: None) -> Iterator[Tree]:
    """While a file is written inside, it gets the tags of this module; ``painted(n)`` is told as page n begins."""
    if weasyprint.__version__ != MADE_FOR:
        raise TagsDoNotFit(f"WeasyPrint {weasyprint.__version__} is not {MADE_FOR}")
    tree, begun = Tree(), iter(range(1, len(document.pages) + 1))

    class PageStream(Stream):  # type: ignore[misc]
        """A page's content; what is no part of the text is marked as an artifact as it is painted."""

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            painted(next(begun))

        def marked(self, box: Any, tag: str) -> Any:
            return self.artifact() if id(box) in tree.artifacts else super().marked(box, tag)

    def add_tags(pdf: Any, document: Any, pdf_version: Any, page_streams: Sequence[Any]) -> None:
        _write(tree, pdf, document, page_streams)

    for number, page in enumerate(document.pages):
        tree.add_page(number, page._page_box)
        # A bold word in a link would be a link of its own, and a stop of its own for the keyboard.
        page.links[:] = [link for link in page.links if link[3].element_tag == "a"]
    with _one_at_a_time:
        before = weasyprint.pdf.Stream, weasyprint.pdf.add_tags
        weasyprint.pdf.Stream, weasyprint.pdf.add_tags = PageStream, add_tags
        try:
            yield tree
        finally:
            weasyprint.pdf.Stream, weasyprint.pdf.add_tags = before
