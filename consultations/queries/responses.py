"""What a response says, gathered for a page in a constant number of queries."""

from dataclasses import dataclass, field

from django.db.models import Case, IntegerField, Prefetch, QuerySet, When

from actors.models import User
from consultations import visibility
from consultations.models import (
    Answer,
    ChangeLink,
    ConsultationRound,
    Disposition,
    InternalNote,
    Point,
    Position,
    Question,
    Redaction,
    Response,
)
from consultations.queries.masking import mask, redactions_of
from consultations.queries.notes import Thread, threads_of
from consultations.states import ResponseState
from rus_platform.kit.prepared import Prepared, PreparedRow
from strategies.models import Section


@dataclass
class ResponseContent:
    """A response with its parts, each list in reading order."""

    response: Response
    positions: dict[int, Position] = field(default_factory=dict)  # section id -> position
    answers: dict[int, Answer] = field(default_factory=dict)  # question id -> answer
    points: list[Point] = field(default_factory=list)
    notes: list[InternalNote] = field(default_factory=list)
    redactions: list[Redaction] = field(default_factory=list)  # with their words for those who may see them

    @property
    def threads(self) -> list[Thread]:
        """The notes as threads."""
        return threads_of(self.notes)


def content_of(response: Response, viewer: User) -> ResponseContent:
    """Positions, answers, points (with dispositions when they may be seen) and notes (own people only). <= 8 queries.

    For somebody who may not see what is redacted, the words are masked on ``response`` and its parts.
    """
    dispositions = Disposition.objects.filter(current=True).select_related("decided_by")
    links = ChangeLink.objects.standing().select_related("section__version")
    if not visibility.can_see_dispositions(viewer, response.round):
        dispositions, links = dispositions.none(), links.none()
    points = response.points.select_related("section", "anchor", "created_by").prefetch_related(
        Prefetch("dispositions", dispositions, to_attr="current_dispositions"),
        Prefetch("change_links", links, to_attr="links"),
    )
    notes = InternalNote.objects.filter(response__round_id=response.round_id, response__actor_id=response.actor_id)
    notes = notes.select_related("created_by", "resolved_by", "section", "point").prefetch_related("mentioned")
    content = ResponseContent(
        response=response,
        redactions=redactions_of(response) if response.submitted_at else [],
        positions={row.section_id: row for row in response.positions.select_related("updated_by", "section")},
        answers={row.question_id: row for row in response.answers.select_related("updated_by", "question")},
        points=list(points),
        notes=list(notes) if visibility.can_see_notes(viewer, response) else [],
    )
    if content.redactions and not visibility.can_see_redacted(viewer, response):
        mask(
            response, content.redactions,
            points=content.points, positions=content.positions.values(), answers=content.answers.values(),
        )  # fmt: skip
        for row in content.redactions:
            row.words = ""
    return content


TO_THE_OWNER = ("version", "version__strategy", "version__strategy__owner")
_held = Prepared(lambda pk: Response.objects.filter(pk=pk).select_for_update(no_key=True).values_list("pk"), -1)
_draft = PreparedRow(Response, lambda pk: Response.objects.filter(pk=pk), -1, related=("actor", "round"))
_response = PreparedRow(
    Response,
    lambda pk: Response.objects.filter(pk=pk),
    -1,
    related=("actor", "round", *(f"round__{path}" for path in TO_THE_OWNER), "submitted_by", "supersedes"),
)
_round = PreparedRow(ConsultationRound, lambda pk: ConsultationRound.objects.filter(pk=pk), -1, related=TO_THE_OWNER)


def response_for(response_id: int) -> Response | None:
    """A response with all that the pages ask about. One query."""
    return _response(response_id)


def draft_for(response_id: int) -> Response | None:
    """A response with what decides whether it may be written in: fewer tables, since it is asked for at every pause in
    somebody's writing, and planning a question of many tables takes longer than answering it. One query."""
    return _draft(response_id)


def locked_response(response_id: int) -> Response | None:
    """The same, locked until the transaction ends. Read after the lock: a round that closed while we waited is closed."""
    return _draft(response_id) if _held(response_id) else None


def round_of(response: Response) -> ConsultationRound:
    """Its round with version, strategy and owner; the response's own from now on. One query."""
    round_ = _round(response.round_id)
    assert round_ is not None
    response.round = round_
    return round_


def visible_responses(round_: ConsultationRound, viewer: User) -> QuerySet[Response]:
    """The round's responses that ``viewer`` may see, submitted ones first, in order of arrival; not replaced ones."""
    rows = Response.objects.filter(round=round_).filter(visibility.visible_responses(viewer))
    rows = rows.exclude(state=ResponseState.SUPERSEDED)
    return rows.select_related("actor", "submitted_by").order_by("number", "actor__sort_key")


def sections_with_position(round_: ConsultationRound) -> QuerySet[Section]:
    """Goals, sub-goals and priorities of the consultation version."""
    return Section.objects.filter(
        version=round_.version, removed_at=None, kind__in=["goal", "subgoal", "priority"]
    ).order_by("position", "pk")


def questions_of(round_: ConsultationRound) -> list[Question]:
    """The round's questions, in order, each with the section it is asked of."""
    return list(round_.questions.select_related("section"))


@dataclass
class Asked:
    """A question as it is shown before it is answered; ``sections``: what it is asked of, one by one (empty: the whole)."""

    question: Question
    sections: list[Section]


def questions_in_series(round_: ConsultationRound) -> list[Asked]:
    """The round's questions, one that is asked of several goals once. One query."""
    shown: list[Asked] = []
    for question in questions_of(round_):
        if question.series is None or not shown or shown[-1].question.series != question.series:
            shown.append(Asked(question, []))
        if question.section is not None:
            shown[-1].sections.append(question.section)
    return shown


def counting_first(rows: QuerySet[Response]) -> QuerySet[Response]:
    """Versions of an organisation's response: the one that counts first, then the newest. For a subquery's ``[:1]``."""
    counts = Case(When(state=ResponseState.SUBMITTED, then=0), default=1, output_field=IntegerField())
    return rows.order_by(counts, "-version")
