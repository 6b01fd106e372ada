"""From the points that a free text was split into: what it says the organisation thinks and has decided, proposed beside them."""

from typing import Any

from django.utils.translation import gettext as _

from consultations.domain.intake.draft import Draft
from consultations.domain.intake.own_decision import decision_in
from consultations.domain.intake.places import Places
from consultations.domain.intake.stances import STANDS, Said, said_in
from consultations.models import ItemWhat, ResponseKind, Stance

LONGEST_REASON = 3000
SHORT = 240  # letters: a sentence
AGAINST = ("change", "objection", "question", "error")  # kinds of point that "no objection" does not go with


def with_proposals(items: list[Draft], lines: list[dict[str, Any]], places: Places, own: str = "") -> list[Draft]:
    """The items with the proposals before those that they are read from. None of it is certain: a person confirms each."""
    told = [(item, said) for item in items if not item.left_out for said in _said_by(item, places, own)]
    told += [(_heading(n, row), said) for n, row in enumerate(lines) if row.get("kind") == "heading" for said in said_in(row["text"], places, own=own)]  # fmt: skip
    told = _agreed(told, items)
    made: dict[int, list[Draft]] = {}
    for item, said in told:
        made.setdefault(item.first or 0, []).append(_draft(item, said))
        if said.whole and item in items and said.section is not None and said.stance == Stance.SUPPORTS:
            item.left_out, item.certain, item.doubt = True, False, _("Står som ställningstagande.")
    decision = decision_in(lines)
    found = [decision] if decision else []
    if decision is not None and "body" in decision.facts:
        _not_twice(items, decision)
    firsts = sorted(made)
    for item in items:
        while firsts and firsts[0] <= (item.first or 0):
            found += made[firsts.pop(0)]
        found.append(item)
    return [*found, *(one for first in firsts for one in made[first])]


def _not_twice(items: list[Draft], decision: Draft) -> None:
    """A sentence that only tells the decision is no view."""
    for item in items:
        short = item.first == item.last == decision.first and item.text.count(". ") == 0 and len(item.text) < SHORT
        if short and item.place.section is None and item.kind not in AGAINST:
            item.left_out, item.certain, item.doubt = True, False, _("Står som organisationens beslut.")


def _said_by(item: Draft, places: Places, own: str) -> list[Said]:
    section = item.place.section
    context = section if section is not None and section.kind in STANDS else None
    return said_in(item.text, places, context, own)


def _heading(n: int, row: dict[str, Any]) -> Draft:
    return Draft(text=row["text"], first=n, last=n, page=row.get("page"))


def _agreed(told: list[tuple[Draft, Said]], items: list[Draft]) -> list[tuple[Draft, Said]]:
    """Each thing once, and nothing that the same document contradicts."""
    stances: dict[int | None, set[str]] = {}
    for _item, said in told:
        stances.setdefault(said.section.pk if said.section else None, set()).add(said.stance or said.kind)
    positions = any(said.section for _item, said in told)
    seen: set[int | None] = set()
    kept = []
    for item, said in told:
        key = said.section.pk if said.section else None
        if key in seen or len(stances[key]) > 1 or (key is None and (positions or _says_more(said, item, items))):
            continue
        seen.add(key)
        kept.append((item, said))
    return kept


def _says_more(said: Said, own: Draft, items: list[Draft]) -> bool:
    """Whether a text that "has nothing against it" goes on to have views all the same."""
    return said.kind == ResponseKind.NO_OBJECTION and any(
        item is not own and not item.left_out and item.kind in AGAINST for item in items
    )


def _draft(item: Draft, said: Said) -> Draft:
    doubt = _("Läst ur orden ”%(words)s”. Stämmer det?") % {"words": said.words[:220]}
    shared: dict[str, Any] = {"first": item.first, "last": item.last, "page": item.page, "doubt": doubt}
    if said.section is None:
        return Draft(what=ItemWhat.KIND, text=said.kind, **shared)
    reason = "" if said.stance in (Stance.SUPPORTS, Stance.NO_OPINION) else item.text[:LONGEST_REASON]
    return Draft(what=ItemWhat.POSITION, section=said.section, stance=said.stance, text=reason, **shared)
