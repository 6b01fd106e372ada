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
from dataclasses import dataclass, field
from typing import Any

import pydyf
import weasyprint
import weasyprint.pdf
from weasyprint.formatting_structure import boxes
from weasyprint.layout.absolute import AbsolutePlaceholder
from weasyprint.pdf.stream import Stream

MADE_FOR = "70.0"
SVG = "{http://www.w3.org/2000/svg}"
POINTS_PER_PIXEL = 0.75

STRUCTURE = {
    "section": "Sect", "article": "Art", "div": "Div", "figure": "Div", "blockquote": "BlockQuote", "p": "P", "ul": "L", "ol": "L", "li": "LI",
    "table": "Table", "caption": "Caption", "figcaption": "Caption", "thead": "THead", "tbody": "TBody", "tfoot": "TFoot",
    "tr": "TR", "th": "TH", "td": "TD", "h1": "H1", "h2": "H2", "h3": "H3", "h4": "H4", "h5": "H5", "h6": "H6",
    "dl": "Div", "dt": "P", "dd": "P", "a": "Link",
    "::marker": "Lbl", "::footnote-call": "Reference", "::footnote-marker": "Lbl",
}  # fmt: skip
#: Elements that hold blocks: text of their own needs a paragraph around it.
GROUPS = frozenset({"Document", "Sect", "Art", "Div", "TOC", "TOCI"})
KEEP_WHEN_EMPTY = frozenset({"TD", "TH"})
SCOPES = {"col": "/Column", "row": "/Row", "colgroup": "/Column", "rowgroup": "/Row"}


class TagsDoNotFit(Exception):
    """The library is not the one that this module was written for."""


@dataclass(eq=False)
class Node:
    """A structure element to be. ``kids``: nodes, and ``(page, box)`` of painted content, in reading order."""

    tag: str
    parent: "Node | None" = None
    element: Any = None
    page: int = 0
    kids: list[Any] = field(default_factory=list)
    alt: str = ""
    box: Any = None
    body: "Node | None" = None  # of a list item: what stands beside its label
    annotations: list[tuple[int, Any]] = field(default_factory=list)
    identifier: str = ""

    def add(self, tag: str, page: int, element: Any = None) -> "Node":
        """A new last child."""
        child = Node(tag, self, element, page)
        self.kids.append(child)
        return child

    def empty(self) -> bool:
        """Whether there is nothing in it for anybody to read."""
        if self.tag in KEEP_WHEN_EMPTY or self.annotations:
            return False
        return all(isinstance(kid, Node) and kid.empty() for kid in self.kids)

    def text(self) -> str:
        """The words in it."""
        parts = (kid.text() if isinstance(kid, Node) else getattr(kid[1], "text", "") for kid in self.kids)
        return " ".join("".join(part if part.endswith(" ") else f"{part} " for part in parts).split())


@dataclass(eq=False)
class Tree:
    """The tags of a document: walk the pages, then ask which boxes are artifacts."""

    root: Node = field(default_factory=lambda: Node("Document"))
    nodes: dict[tuple[int, str], Node] = field(default_factory=dict)
    artifacts: set[int] = field(default_factory=set)
    heads: dict[tuple[int, str], int] = field(default_factory=dict)
    notes: list[Node] = field(default_factory=list)
    level: int = 0

    def add_page(self, number: int, page_box: Any) -> None:
        for child in page_box.children:
            if isinstance(child, boxes.MarginBox):
                self._artifact(child)
            elif not isinstance(child, boxes.FootnoteAreaBox):
                self._walk(child, self.root, number)
        for child in page_box.children:
            if isinstance(child, boxes.FootnoteAreaBox):
                for note in child.children:
                    self._note(note, number)

    # --- one box

    def _walk(self, box: Any, node: Node, page: int) -> None:
        if isinstance(box, AbsolutePlaceholder):
            box = box._box
        if isinstance(box, boxes.TextBox):
            self._content(node, page, box)
            return
        home = self._home(box, node, page)
        if home is None:
            self._artifact(box)
            return
        if getattr(box, "link_annotation", None) is not None:
            _nearest(home, "Link", home).annotations.append((page, box.link_annotation))
        if isinstance(box, boxes.ReplacedBox):
            home.kids.append((page, box))
        for child in getattr(box, "children", ()):
            self._walk(child, home, page)

    def _home(self, box: Any, node: Node, page: int) -> Node | None:
        """The structure element that ``box`` belongs to; None when it is no part of the text."""
        element, name = box.element, box.element_tag or ""
        if element is None or name in ("html", "body") or isinstance(box, boxes.PageBox):
            return node
        if element.get("aria-hidden") == "true":
            return None
        key = (id(element), name)
        known = self.nodes.get(key)
        if known is not None and not isinstance(box, boxes.ReplacedBox):
            return None if name in ("thead", "tfoot") and self._is_repeated(key, box) else known
        if name == "img" or name == f"{SVG}svg":
            return self._figure(box, node, page)
        tag = self._tag(name, element)
        if tag is None:
            return node
        made = self._parent_of(tag, node, element).add(tag, page, element)
        self.nodes[key] = made
        made.box = box
        if tag == "Reference":
            made.kids = [Node("Lbl", made, element, page)]
            return made.kids[0]
        self._is_repeated(key, box)
        return made

    def _is_repeated(self, key: tuple[int, str], box: Any) -> bool:
        """Whether this head of a table has been seen before, on another page."""
        return self.heads.setdefault(key, id(box)) != id(box)

    def _tag(self, name: str, element: Any) -> str | None:
        if "::" in name:
            return STRUCTURE.get(name[name.index("::") :])
        if name == "nav":
            return None
        if name in ("ol", "ul") and "toc" in (element.get("class") or "").split():
            return "TOC"
        if name == "li" and "toc-item" in (element.get("class") or "").split():
            return "TOCI"
        if name == "span" and element.get("lang"):
            return "Span"
        if name == "a" and not element.get("href"):
            return None
        tag = STRUCTURE.get(name)
        if tag and tag[0] == "H" and tag[1:].isdigit():  # levels are not skipped (ISO 14289-1, 7.4.2)
            self.level = min(int(tag[1:]), self.level + 1)
            return f"H{self.level}"
        return tag

    def _parent_of(self, tag: str, node: Node, element: Any) -> Node:
        if tag == "Lbl":
            item = self.nodes.get((id(element), "li"))
            return item if item is not None else node
        if tag in ("LI", "TOCI"):
            return node
        return self._inside(node)

    def _inside(self, node: Node) -> Node:
        """Where content of ``node`` goes: a list item keeps it in its body."""
        if node.tag != "LI":
            return node
        if node.body is None:
            node.body = node.add("LBody", node.page)
        return node.body

    def _content(self, node: Node, page: int, box: Any) -> None:
        node = self._inside(node)
        if node.tag in GROUPS:
            last = node.kids[-1] if node.kids else None
            anonymous = isinstance(last, Node) and last.tag == "P" and last.element is None
            node = last if anonymous else node.add("P", page)
        node.kids.append((page, box))

    def _figure(self, box: Any, node: Node, page: int) -> Node | None:
        element = box.element
        title = element.find(f"{SVG}title") if element.tag == f"{SVG}svg" else None
        alt = (title.text if title is not None else element.get("alt")) or ""
        if not alt.strip():
            return None
        figure = self._inside(node).add("Figure", page, element)
        figure.alt, figure.box = " ".join(alt.split()), box
        return figure

    def _artifact(self, box: Any) -> None:
        if isinstance(box, AbsolutePlaceholder):
            box = box._box
        self.artifacts.add(id(box))
        for child in getattr(box, "children", ()):
            self._artifact(child)

    # --- footnotes

    def _note(self, box: Any, page: int) -> None:
        """A note stands after the block that calls it; one that runs on to the next page is the same note."""
        key = (id(box.element), "note")
        note = self.nodes.get(key)
        if note is None:
            call = self.nodes.get((id(box.element), f"{box.element.tag}::footnote-call"))
            note = self._placed_note(call, page, box.element)
            self.nodes[key] = note
            self.nodes[(id(box.element), box.element.tag)] = note
        for child in box.children:
            self._walk(child, note, page)

    def _placed_note(self, call: Node | None, page: int, element: Any) -> Node:
        block = call
        while (
            block is not None
            and block.parent is not None
            and block.tag not in ("P", "H1", "H2", "H3", "H4", "H5", "H6")
        ):
            block = block.parent
        if block is None or block.parent is None or block.tag == "Document":
            note = self.root.add("Note", page, element)
        else:
            siblings = block.parent.kids
            place = siblings.index(block) + 1
            while place < len(siblings) and isinstance(siblings[place], Node) and siblings[place].tag == "Note":
                place += 1
            note = Node("Note", block.parent, element, page)
            siblings.insert(place, note)
        self.notes.append(note)
        note.identifier = f"fotnot-{len(self.notes)}"
        return note


def _nearest(node: Node, tag: str, otherwise: Node) -> Node:
    found: Node | None = node
    while found is not None and found.tag != tag:
        found = found.parent
    return found or otherwise


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
        for page, annotation in node.annotations:
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
        full = Tree(artifacts=tree.artifacts)
        for number, page in enumerate(document.pages):
            full.add_page(number, page._page_box)
        _write(full, pdf, document, page_streams)
        tree.root, tree.notes = full.root, full.notes

    for number, page in enumerate(document.pages):
        tree.add_page(number, page._page_box)
        # A bold word in a link would be a link of its own, and a stop of its own for the keyboard.
        page.links[:] = [link for link in page.links if link[3].element_tag == "a"]
    tree.root, tree.nodes = Node("Document"), {}
    with _one_at_a_time:
        before = weasyprint.pdf.Stream, weasyprint.pdf.add_tags
        weasyprint.pdf.Stream, weasyprint.pdf.add_tags = PageStream, add_tags
        try:
            yield tree
        finally:
            weasyprint.pdf.Stream, weasyprint.pdf.add_tags = before
