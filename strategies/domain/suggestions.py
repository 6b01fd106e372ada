"""Accepting and refusing suggestions, and taking that back. Each ends in the step authority, as all writing does."""

import uuid as uuids
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from actors.models import User
from rus_platform.kit.errors import Conflict, Forbidden, Invalid
from strategies import rules
from strategies.domain import steps as moves
from strategies.domain import text
from strategies.domain.parsed import current
from strategies.domain.settling import settling_steps
from strategies.models import Section, StepVia, Suggestion, Version
from strategies.queries.suggestions import told_in
from strategies.states import SUGGESTION_STATES, SuggestionState

MOST_BEHIND = 500


@dataclass(frozen=True, slots=True)
class Settled:
    """``count`` suggestions of ``section`` were settled by the steps of ``batch_id`` (None: there was nothing to do)."""

    section: Section
    count: int
    batch_id: uuids.UUID | None


@transaction.atomic
def decide_suggestions(*, section_id: int, by: User, accept: bool, ids: Sequence[str]) -> Settled:
    """Accept or refuse the suggestions ``ids`` of a section. Those that are settled already are left alone.

    A writer settles anybody's; whoever may only suggest withdraws their own. Raises Forbidden, WrongState (frozen, removed).
    """
    section = text.lock_for_suggesting(section_id, by)
    rows = list(section.suggestions.filter(mark_id__in=ids, state=SuggestionState.OPEN))
    if not rules.can_edit(by, section.version.strategy) and (accept or any(row.author_id != by.pk for row in rows)):
        raise Forbidden(_("Bara den som skriver i utkastet avgör förslag. Dina egna kan du ta tillbaka."))
    return _settle(section, rows, by, accept)


@transaction.atomic
def decide_all(
    *, version_id: int, by: User, accept: bool, section_id: int | None = None, author_id: int | None = None
) -> list[Settled]:
    """Every open suggestion of a draft, of one section, of one person, or of one person in one section."""
    version = Version.objects.select_related("strategy").filter(pk=version_id).first()
    if version is None or not rules.can_edit(by, version.strategy):
        raise Forbidden(_("Bara den som skriver i utkastet avgör förslag. Dina egna kan du ta tillbaka."))
    rows = Suggestion.objects.filter(
        section__version=version, section__removed_at=None, state=SuggestionState.OPEN
    ).order_by("section_id")
    rows = rows.filter(section_id=section_id) if section_id else rows
    rows = rows.filter(author_id=author_id) if author_id else rows
    gathered: dict[int, list[str]] = {}
    for row in rows:
        gathered.setdefault(row.section_id, []).append(row.mark_id)
    return [decide_suggestions(section_id=pk, by=by, accept=accept, ids=ids) for pk, ids in gathered.items()]


def _settle(section: Section, rows: list[Suggestion], by: User, accept: bool) -> Settled:
    ids = {row.mark_id for row in rows}
    doc = current(section)
    told = told_in(text.plain(doc))
    changes = settling_steps(doc, lambda mark_id: accept if mark_id in ids else None)
    if not changes:
        return Settled(section, 0, None)
    batch_id = uuids.uuid4()
    made = text.append(section, doc, changes, by, batch_id, StepVia.DECIDE)
    state = SuggestionState.ACCEPTED if accept else SuggestionState.REJECTED
    for row in rows:
        SUGGESTION_STATES.check(row.state, state)
        row.state, row.decided_at, row.decided_by, row.batch_id = state, made[-1].at, by, batch_id
        if row.mark_id in told:
            row.before, row.after = told[row.mark_id].before[:2000], told[row.mark_id].after[:2000]
    Suggestion.objects.bulk_update(rows, ["state", "decided_at", "decided_by", "batch_id", "before", "after"])
    return Settled(section, len(rows), batch_id)


@transaction.atomic
def take_back_decision(*, section_id: int, by: User, batch_id: uuids.UUID) -> Settled:
    """Undo what one decision did to the text: the suggestions are open again.

    Raises Conflict when somebody has since changed the same words so that it no longer fits.
    """
    section = text.lock_for_suggesting(section_id, by)
    rows = list(section.suggestions.filter(batch_id=batch_id).exclude(state=SuggestionState.OPEN))
    if not rows:
        raise Invalid(_("Beslutet är redan taget tillbaka."))
    if any(row.decided_by_id != by.pk for row in rows) and not rules.can_edit(by, section.version.strategy):
        raise Forbidden(_("Bara den som skriver i utkastet avgör förslag. Dina egna kan du ta tillbaka."))
    changes = way_back(section, batch_id)
    doc = current(section)
    batch = uuids.uuid4()
    text.append(section, doc, changes, by, batch, StepVia.DECIDE)
    return Settled(section, len(rows), batch)


def way_back(section: Section, batch_id: uuids.UUID) -> list[moves.Step]:
    steps = list(section.steps.filter(batch_id=batch_id).order_by("n"))
    newer = list(section.steps.filter(n__gt=steps[-1].n).order_by("n")) if steps else []
    back = [moves.read_step(step.step[text.UNDO]) for step in reversed(steps)]
    if newer and len(newer) <= MOST_BEHIND:
        moved = moves.rebase(current(section), back, [moves.read_step(step.step) for step in newer])
        back = moved or []
    if not back or len(newer) > MOST_BEHIND:
        raise Conflict(
            _("Texten har ändrats på samma ställe sedan dess. Beslutet går inte att ta tillbaka av sig självt.")
        )
    return back


def withdraw_own(*, section_id: int, by: User) -> Settled:
    """Take back all of one's own open suggestions in a section."""
    mine = Suggestion.objects.filter(section_id=section_id, author=by, state=SuggestionState.OPEN)
    return decide_suggestions(
        section_id=section_id, by=by, accept=False, ids=list(mine.values_list("mark_id", flat=True))
    )


__all__ = ["Settled", "decide_all", "decide_suggestions", "take_back_decision", "withdraw_own"]
