"""The tag tree of a book: the boxes of laid-out pages gathered under the HTML elements they come from.

One structure element per source element, however many pages it runs over. Repeated table heads, page margins and decoration
are artifacts; footnotes stand as notes beside the block that calls them. ``tags`` writes the tree into the file.
"""

from dataclasses import dataclass, field
from typing import Any

from weasyprint.formatting_structure import boxes
from weasyprint.layout.absolute import AbsolutePlaceholder

SVG = "{http://www.w3.org/2000/svg}"

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
    links: list[tuple[int, Any]] = field(default_factory=list)  # (page, box) of what can be clicked
    identifier: str = ""

    def add(self, tag: str, page: int, element: Any = None) -> "Node":
        """A new last child."""
        child = Node(tag, self, element, page)
        self.kids.append(child)
        return child

    def empty(self) -> bool:
        """Whether there is nothing in it for anybody to read."""
        if self.tag in KEEP_WHEN_EMPTY or self.annotations():
            return False
        return all(isinstance(kid, Node) and kid.empty() for kid in self.kids)

    def annotations(self) -> list[tuple[int, Any]]:
        """(page, annotation) of the links, once the engine has made them."""
        return [(page, box.link_annotation) for page, box in self.links if box.link_annotation is not None]

    def text(self) -> str:
        """The words in it."""
        parts = (kid.text() if isinstance(kid, Node) else getattr(kid[1], "text", "") for kid in self.kids)
        return " ".join("".join(part if part.endswith(" ") else f"{part} " for part in parts).split())


@dataclass(eq=False)
class Tree:
    """The tags of a document: walk the pages, paint what is no artifact, write the tree."""

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
        if box.element_tag == "a":
            _nearest(home, "Link", home).links.append((page, box))
        if isinstance(box, boxes.ReplacedBox):
            home.kids.append((page, box))
        for child in getattr(box, "children", ()):
            self._walk(child, home, page)

    def _home(self, box: Any, node: Node, page: int) -> Node | None:
        """The structure element that ``box`` belongs to; None when it is no part of the text."""
        element, name = box.element, box.element_tag or ""
        if element is None or name in ("html", "body") or isinstance(box, boxes.PageBox):
            return node
        if element.get("aria-hidden") == "true" or (name.endswith("::before") and element.get("data-n")):
            return None  # decoration, and the number of a paragraph in the margin: no part of what is read aloud
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
