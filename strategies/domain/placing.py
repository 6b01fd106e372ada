"""Words from outside put into the draft where a person has seen that they belong: as a suggestion, or straight away."""

import uuid as uuids
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _
from prosemirror.transform import Step

from actors.models import User
from rus_platform.kit.errors import Conflict, Forbidden, Invalid, WrongState
from strategies import rules
from strategies.domain import text
from strategies.domain.anchors import comparable
from strategies.domain.following import Trace, carried, steps_after
from strategies.domain.parsed import current
from strategies.domain.rewording import SUGGESTED_HERE, Reworded, in_the_way, reworded
from strategies.domain.rewriting import steps_between
from strategies.domain.suggested import new_mark_id
from strategies.domain.suggesting import suggesting_steps
from strategies.domain.suggestions import decide_suggestions, way_back
from strategies.models import Section, StepVia, Suggestion
from strategies.states import SuggestionState


@dataclass(frozen=True, slots=True)
class Place:
    """The words ``quote`` from ``start`` to ``end`` of a section after ``version`` steps."""

    section_id: int
    version: int
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Placed:
    """``mark_id`` is empty when the text itself was changed. ``before``, ``after``: the words of the blocks it is about."""

    section: Section
    batch_id: uuids.UUID
    mark_id: str
    block_id: str
    before: str
    after: str


@transaction.atomic
def place_words(
    *, place: Place, by: User, words: str, as_suggestion: bool, because: str = "", because_url: str = ""
) -> Placed:
    """Put ``words`` in the place of ``place``, by the path that all writing takes: open editors see it at once.

    ``because`` and ``because_url`` tell, beside the suggestion, where it is from. Raises Forbidden, WrongState (frozen,
    removed, locked), Conflict (the words have changed, or somebody's suggestion is about them), Invalid (nothing changes).
    """
    section = text.lock_for_suggesting(place.section_id, by)
    if not rules.can_edit(by, section.version.strategy):
        raise Forbidden(_("Bara den som skriver i utkastet tar in förslag utifrån."))
    made = _as_it_would_be(section, place, words)
    mark_id = new_mark_id() if as_suggestion else ""
    now = current(section)
    changes: list[Step] = suggesting_steps(now, made.doc, mark_id) if mark_id else steps_between(now, made.doc)
    if not changes:
        raise Invalid(_("Det står redan så i utkastet."), same=True)
    batch_id = uuids.uuid4()
    text.append(section, now, changes, by, batch_id, StepVia.PROPOSAL)
    if mark_id and because:
        Suggestion.objects.filter(section=section, mark_id=mark_id).update(
            because=because[:200], because_url=because_url[:200]
        )
    return Placed(section, batch_id, mark_id, made.block_id, made.before, made.after)


def _as_it_would_be(section: Section, place: Place, words: str) -> Reworded:
    """The place where it has moved since it was seen; Conflict when it holds other words now."""
    ends = Trace(place.start, place.end, place.version)
    ends = carried(ends, steps_after([(section, place.version)]).get(section.pk, ()), section.doc_version)
    doc = current(section)
    hindrance = in_the_way(doc, ends.start, ends.end)
    if hindrance == SUGGESTED_HERE:
        raise Conflict(_("Ett annat förslag i utkastet gäller samma ord. Avgör det först."))
    made = None if hindrance else reworded(doc, ends.start, ends.end, words)
    if made is None or comparable(made.words) != comparable(place.quote):
        raise Conflict(_("Orden i utkastet har ändrats sedan sidan visades. Se efter hur det ser ut nu."))
    return made


@transaction.atomic
def take_back_words(*, section_id: int, by: User, batch_id: uuids.UUID, mark_id: str) -> None:
    """Undo ``place_words``: the suggestion is withdrawn, or the text is as before.

    Raises Forbidden, WrongState (frozen, locked; the suggestion is settled), Conflict (the words have been changed since).
    """
    section = text.lock_for_suggesting(section_id, by)
    if not rules.can_edit(by, section.version.strategy):
        raise Forbidden(_("Bara den som skriver i utkastet tar in förslag utifrån."))
    if not mark_id:
        changes = way_back(section, batch_id)
        text.append(section, current(section), changes, by, uuids.uuid4(), StepVia.PROPOSAL)
        return
    row = Suggestion.objects.filter(section=section, mark_id=mark_id).first()
    if row is None or row.state != SuggestionState.OPEN:
        raise WrongState(_("Förslaget är redan avgjort i utkastet."))
    decide_suggestions(section_id=section.pk, by=by, accept=False, ids=[mark_id])
