"""Reading a PDF the way a screen reader does: its structure, its bookmarks, the pages that links lead to."""

import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pikepdf


@dataclass
class Element:
    """A structure element with what it says about itself."""

    tag: str
    attributes: dict[str, Any]
    alt: str
    identifier: str
    contents: int  # pieces of painted content directly in it
    annotations: int
    kids: list["Element"] = field(default_factory=list)

    def walk(self) -> Iterator["Element"]:
        yield self
        for kid in self.kids:
            yield from kid.walk()

    def all(self, tag: str) -> list["Element"]:
        return [one for one in self.walk() if one.tag == tag]


def structure(data: bytes) -> Element:
    """The one document element."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return _element(pdf.Root.StructTreeRoot.K[0])


def counts(data: bytes) -> Counter[str]:
    return Counter(element.tag for element in structure(data).walk())


def _element(raw: Any) -> Element:
    attributes = {str(key)[1:]: _plain(value) for key, value in raw.A.items()} if "/A" in raw else {}
    made = Element(str(raw.S)[1:], attributes, str(raw.get("/Alt", "")), str(raw.get("/ID", "")), 0, 0)
    for kid in raw.get("/K", []):
        if isinstance(kid, pikepdf.Dictionary) and kid.get("/Type") == "/StructElem":
            made.kids.append(_element(kid))
        elif isinstance(kid, pikepdf.Dictionary) and kid.get("/Type") == "/OBJR":
            made.annotations += 1
        else:
            made.contents += 1
    return made


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, pikepdf.Name) else value if isinstance(value, int | float) else str(value)


def bookmarks(data: bytes) -> list[tuple[int, str]]:
    """(level, title) in order."""
    with pikepdf.open(io.BytesIO(data)) as pdf, pdf.open_outline() as outline:
        return list(_bookmarks(outline.root, 1))


def _bookmarks(items: Any, level: int) -> Iterator[tuple[int, str]]:
    for item in items:
        yield level, item.title
        yield from _bookmarks(item.children, level + 1)


def destinations(data: bytes) -> dict[str, int]:
    """Named place -> page number from 1."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages, start=1)}
        names = list(pdf.Root.Names.Dests.Names)
        return {str(name): pages[place[0].objgen] for name, place in zip(names[::2], names[1::2], strict=True)}


def links(data: bytes) -> list[tuple[int, str, str]]:
    """(page, where it leads, its words) of every link."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return [
            (number, str(note.get("/Dest", "")) or str(note.A.URI), str(note.get("/Contents", "")))
            for number, page in enumerate(pdf.pages, start=1)
            for note in page.get("/Annots", [])
        ]


def fonts(data: bytes) -> set[str]:
    """The families that are embedded, without the marks of subsets."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        names = [
            str(obj.FontName)[1:] for obj in pdf.objects if isinstance(obj, pikepdf.Dictionary) and "/FontName" in obj
        ]
    return {name.partition("+")[2] or name for name in names}
