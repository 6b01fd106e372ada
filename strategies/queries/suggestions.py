"""Open suggestions in words: who, when, what was there and what is proposed, and where."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from actors.models import User
from strategies.models import Section, Suggestion, Version
from strategies.states import SuggestionState

Doc = dict[str, Any]
AROUND = 60  # characters of the words around
LATEST = 20  # settled suggestions that are shown

BLOCKS = {
    "paragraph": gettext_lazy("stycke"),
    "heading": gettext_lazy("rubrik"),
    "blockquote": gettext_lazy("citat"),
    "bullet_list": gettext_lazy("punktlista"),
    "ordered_list": gettext_lazy("numrerad lista"),
    "list_item": gettext_lazy("listpunkt"),
    "table": gettext_lazy("tabell"),
    "table_row": gettext_lazy("tabellrad"),
    "table_cell": gettext_lazy("tabellcell"),
    "table_header": gettext_lazy("rubrikcell"),
    "figure": gettext_lazy("bild"),
    "horizontal_rule": gettext_lazy("avdelare"),
}
FORMATS = {
    "strong": gettext_lazy("fet"),
    "em": gettext_lazy("kursiv"),
    "superscript": gettext_lazy("upphöjd"),
    "subscript": gettext_lazy("nedsänkt"),
    "link": pgettext_lazy("formatering", "länk"),
}


@dataclass
class Told:
    """One suggestion in a document. ``before`` and ``after`` are the words it is about; ``lead`` and ``tail`` stand around."""

    mark_id: str
    block: str = ""
    lead: str = ""
    tail: str = ""
    deleted: list[str] = field(default_factory=list)
    inserted: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    deeds: list[str] = field(default_factory=list)

    @property
    def before(self) -> str:
        return " ".join("".join(self.deleted or self.changed).split())

    @property
    def after(self) -> str:
        return " ".join("".join(self.inserted).split())

    @property
    def deed(self) -> str:
        """What is proposed, in a few words."""
        if self.deeds:
            return ", ".join(dict.fromkeys(self.deeds))
        if self.deleted and self.inserted:
            return _("Ersätt")
        return _("Lägg till") if self.inserted else _("Ta bort")

    def __str__(self) -> str:
        return self.deed


def told_in(doc: Doc) -> dict[str, Told]:
    """Id -> what the suggestion proposes, in reading order."""
    found: dict[str, Told] = {}
    _tell(doc, "", "", found)
    return found


def _tell(node: Doc, block: str, text: str, found: dict[str, Told]) -> None:
    at = 0
    for child in node.get("content") or []:
        own = (child.get("attrs") or {}).get("id") or block
        inline = child["type"] in ("text", "hard_break", "ref", "footnote")
        words = _words(child)
        for mark in child.get("marks") or ():
            if mark["type"] in ("insertion", "deletion", "modification"):
                told = found.setdefault(mark["attrs"]["id"], Told(mark["attrs"]["id"], own))
                if inline and not (told.lead or told.deleted or told.inserted or told.changed):
                    told.lead = text[:at][-AROUND:]
                if inline:
                    told.tail = text[at + len(words) :][:AROUND]
                _add(told, mark, child, words, inline)
        if inline:
            at += len(words)
        else:
            _tell(child, own, _words(child) if child["type"] in ("paragraph", "heading") else "", found)


def _add(told: Told, mark: Doc, node: Doc, words: str, inline: bool) -> None:
    attrs = mark["attrs"]
    if mark["type"] == "modification":
        told.changed.append(words)
        told.deeds.append(_deed(attrs, node))
        return
    (told.inserted if mark["type"] == "insertion" else told.deleted).append(words if inline else words + " ")
    if not inline:
        name = BLOCKS.get(node["type"], "")
        told.deeds.append((_("Nytt: %s") if mark["type"] == "insertion" else _("Ta bort: %s")) % name)
    elif node["type"] == "footnote":
        told.deeds.append(_("Ny fotnot") if mark["type"] == "insertion" else _("Ta bort fotnot"))


def _deed(attrs: Doc, node: Doc) -> str:
    kind, previous, new = attrs.get("type"), attrs.get("previousValue"), attrs.get("newValue")
    if kind == "split":
        return _("Dela %s") % BLOCKS.get(node["type"], "")
    if kind == "join":
        return _("Slå ihop med det som står före")
    if kind == "mark":
        name = FORMATS.get((new or previous or {}).get("type", ""), "")
        return (_("Formatera: %s") if new else _("Ta bort formatering: %s")) % name
    if kind == "nodeType":
        was = previous.get("type") if isinstance(previous, dict) else previous
        return _("%(old)s blir %(new)s") % {"old": BLOCKS.get(str(was), ""), "new": BLOCKS.get(node["type"], "")}
    if attrs.get("attrName") == "level":
        return _("Rubriknivå %(old)s blir %(new)s") % {"old": previous, "new": new}
    return _("Ändra %s") % BLOCKS.get(node["type"], "")


def _words(node: Doc) -> str:
    if node["type"] == "text":
        return str(node["text"])
    if node["type"] == "footnote":
        return " [" + "".join(str(part.get("text", "")) for part in node.get("content") or []) + "]"
    if node["type"] == "figure":
        return str((node.get("attrs") or {}).get("alt") or "")
    return "\n" if node["type"] == "hard_break" else "".join(_words(child) for child in node.get("content") or [])


# --- Lists ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Shown:
    """A row of the list of suggestions."""

    row: Suggestion
    section: Section
    told: Told


def open_suggestions(version: Version, *, author_id: int | None = None, section_id: int | None = None) -> list[Shown]:
    """Open suggestions of a draft in the order of its text, section by section. Two queries."""
    rows = open_rows(version)
    rows = rows.filter(author_id=author_id) if author_id else rows
    rows = rows.filter(section_id=section_id) if section_id else rows
    gathered: dict[int, dict[str, Suggestion]] = {}
    for row in rows.select_related("author"):
        gathered.setdefault(row.section_id, {})[row.mark_id] = row
    sections = Section.objects.filter(pk__in=gathered)
    return [shown for section in sections for shown in _shown(section, gathered[section.pk])]


def _shown(section: Section, rows: dict[str, Suggestion]) -> Iterator[Shown]:
    for mark_id, told in told_in(section.doc).items():
        if mark_id in rows:
            yield Shown(rows[mark_id], section, told)


def open_rows(version: Version) -> QuerySet[Suggestion]:
    """Open suggestions in the sections that are left in a draft."""
    return Suggestion.objects.filter(section__version=version, section__removed_at=None, state=SuggestionState.OPEN)


def authors_of(version: Version) -> QuerySet[User]:
    """Those who have open suggestions, each with ``count``."""
    return User.objects.filter(pk__in=open_rows(version).values("author_id")).order_by("name")


def counts_by_section(version: Version) -> dict[int, int]:
    """Section id -> open suggestions."""
    rows = open_rows(version).order_by().values("section_id").annotate(count=Count("pk"))
    return {row["section_id"]: row["count"] for row in rows}


def settled_lately(version: Version) -> QuerySet[Suggestion]:
    """What was accepted or refused last, newest first."""
    rows = Suggestion.objects.filter(section__version=version).exclude(
        state__in=[SuggestionState.OPEN, SuggestionState.GONE]
    )
    return rows.select_related("author", "decided_by", "section").defer("section__doc").order_by("-decided_at")[:LATEST]


def book_of(section: Section) -> dict[str, dict[str, Any]]:
    """Mark id -> who and when, for an open editor."""
    rows = section.suggestions.filter(state=SuggestionState.OPEN).select_related("author")
    return {
        row.mark_id: {"by": row.author_id, "name": row.author.name, "at": row.created_at.isoformat()} for row in rows
    }
