"""The questions of a round, while it is being prepared."""

from collections.abc import Iterable, Sequence
from uuid import uuid4

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from actors.domain.audit import record
from actors.models import User
from actors.queries.roles import fresh
from consultations import rules
from consultations.models import ConsultationRound, Question, QuestionKind
from consultations.queries.responses import sections_with_position
from consultations.states import RoundState
from rus_platform.kit.errors import Forbidden, Invalid, WrongState
from rus_platform.kit.locking import lock
from strategies.models import Section

MOST_CHOICES = 20


def _prepared(round_id: int, by: User) -> ConsultationRound:
    round_ = lock(ConsultationRound.objects.filter(pk=round_id).select_related("version__strategy"))
    if not rules.can_prepare(fresh(by), round_):
        raise Forbidden(_("Bara regionens handläggare kan ändra frågorna."))
    if round_.state != RoundState.PREPARING:
        raise WrongState(_("Samrådet har öppnat. Frågorna kan inte längre ändras."))
    return round_


def _lock_question(question_id: int, by: User) -> tuple[Question, ConsultationRound]:
    """Round first, then the question: the order in which everything here locks."""
    round_id = Question.objects.filter(pk=question_id).values_list("round_id", flat=True).first()
    round_ = _prepared(round_id or 0, by)
    return lock(Question.objects.filter(pk=question_id, round=round_)), round_


@transaction.atomic
def add_question(
    *, round_id: int, by: User, text: str, kind: str, choices: Sequence[str] = (), of: Iterable[int] = ()
) -> Question:
    """Put a question last. ``choices`` (two or more) for QuestionKind.CHOICE. ``of``: ids of goals, sub-goals and priorities;
    the question is then asked of each, in the order of the text. Returns the (first) question. Raises Forbidden, WrongState, Invalid.
    """
    round_ = _prepared(round_id, by)
    text, kept = text.strip(), [choice.strip() for choice in choices if choice.strip()]
    if not text or len(text) > 400:
        raise Invalid(_("Frågan kunde inte sparas."), {"text": _("Skriv en fråga på högst 400 tecken.")})
    if kind not in QuestionKind.values:
        raise Invalid(_("Frågan kunde inte sparas."), {"kind": _("Välj hur frågan besvaras.")})
    if kind == QuestionKind.CHOICE and not 2 <= len(kept) <= MOST_CHOICES:
        raise Invalid(
            _("Frågan kunde inte sparas."), {"choices": _("Skriv minst två svarsalternativ, ett på varje rad.")}
        )
    sections = _sections(round_, of)
    last = round_.questions.aggregate(last=Max("position"))["last"] or 0
    series = uuid4() if sections else None
    made = [
        Question.objects.create(
            round=round_, position=last + n, kind=kind, text=text, choices=kept if kind == QuestionKind.CHOICE else [],
            section=section, series=series,
        )
        for n, section in enumerate(sections or [None], 1)
    ]  # fmt: skip
    record(by=by, verb="add_question", obj=round_, strategy_id=round_.version.strategy_id)
    return made[0]


def _sections(round_: ConsultationRound, of: Iterable[int]) -> list[Section]:
    """The goals and priorities that a question is asked of; Invalid when one is not in the version."""
    wanted = set(of)
    found = [section for section in sections_with_position(round_) if section.pk in wanted]
    if len(found) != len(wanted):
        text = _("Välj mål och prioriteringar ur samrådsversionen.")
        raise Invalid(text, {"of": text})
    return found


@transaction.atomic
def remove_question(*, question_id: int, by: User) -> None:
    """Take a question, and the rest of its series, out of a round that has not opened."""
    question, round_ = _lock_question(question_id, by)
    record(by=by, verb="remove_question", obj=round_, strategy_id=round_.version.strategy_id, text=question.text)
    Question.objects.filter(pk__in=[row.pk for row in _together(round_, question)]).delete()


def _together(round_: ConsultationRound, question: Question) -> list[Question]:
    """The question alone, or its whole series."""
    if question.series is None:
        return [question]
    return list(round_.questions.filter(series=question.series))


@transaction.atomic
def move_question(*, question_id: int, up: bool, by: User) -> None:
    """Swap places with the neighbour above or below (a series moves as one); at the end nothing happens."""
    question, round_ = _lock_question(question_id, by)
    groups: list[list[Question]] = []
    for row in round_.questions.all():
        if groups and row.series is not None and groups[-1][0].series == row.series:
            groups[-1].append(row)
        else:
            groups.append([row])
    here = next(n for n, group in enumerate(groups) if question in group)
    there = here - 1 if up else here + 1
    if 0 <= there < len(groups):
        groups[here], groups[there] = groups[there], groups[here]
        order = [row for group in groups for row in group]
        for position, row in enumerate(order, 1):
            row.position = position
        Question.objects.bulk_update(order, ["position"])
    record(by=by, verb="move_question", obj=round_, strategy_id=round_.version.strategy_id)
