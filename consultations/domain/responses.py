"""An organisation writes its response: together, saved piece by piece, handed in once."""

from collections.abc import Container, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actors.domain.audit import record
from actors.models import Actor, User
from actors.queries.roles import fresh
from consultations import rules, visibility
from consultations.domain import doorbell, moderation, papers, receipts, redaction, sealing, succession
from consultations.domain.completeness import check_complete, check_decided, is_decided
from consultations.domain.revisions import agreed
from consultations.domain.selections import exact
from consultations.models import (
    Answer,
    Channel,
    ConsultationRound,
    Invitation,
    Point,
    PointKind,
    Position,
    Question,
    QuestionKind,
    Response,
    ResponseKind,
    Stance,
    Stream,
)
from consultations.queries.responses import locked_response, round_of
from consultations.states import HANDED_IN, IN_WORK, RESPONSE_STATES, ResponseState, RoundState
from rus_platform.kit import clock
from rus_platform.kit.errors import Forbidden, Invalid, NotFound, WrongState
from rus_platform.kit.locking import lock, share
from strategies.domain import carry
from strategies.models import Section, SectionKind

LONGEST_TEXT = 50_000  # characters in one field; a longer view belongs in several points
WITH_POSITION = (SectionKind.GOAL, SectionKind.SUBGOAL, SectionKind.PRIORITY)
CLOSED = gettext_lazy("Samrådet har stängt och tar inte emot fler svar. Det som är skrivet finns kvar här.")


@transaction.atomic
def start_response(*, round_id: int, actor_id: int, by: User) -> Response:
    """The organisation's response to the round, begun when there is none. Raises Forbidden, NotFound, WrongState."""
    actor = Actor.objects.filter(pk=actor_id).first()
    if actor is None or not rules.can_write_for(fresh(by), actor):
        raise Forbidden(_("Du kan inte skriva för den organisationen. Be administratören där om en roll."))
    share(ConsultationRound.objects.filter(pk=round_id))  # nothing is begun while it closes
    invitation = lock(Invitation.objects.filter(round_id=round_id, actor=actor).select_related("round__version"))
    known = Response.objects.filter(round_id=round_id, actor=actor).order_by("-version").first()
    if known is not None:
        return known
    check_open_for_writing(invitation.round, own=invitation.closes_at, actor=actor)
    response = Response.objects.create(
        round=invitation.round, actor=actor, created_at=clock.now(), created_by=by, political=_decided_last_time(actor),
        channel=Channel.OWN if by.has_usable_password() else Channel.LINK,
    )  # fmt: skip
    record(by=by, verb="start_response", obj=response, actor=actor, private_to=actor)
    doorbell.ring_board(round_id)
    return response


def _decided_last_time(actor: Actor) -> bool:
    """Whether the organisation's latest answer was to be decided in a body: so will this one, until somebody says else."""
    earlier = Response.objects.filter(actor=actor).order_by("-created_at").values_list("political", flat=True)
    return bool(earlier.first())


def check_open_for_writing(
    round_: ConsultationRound, at: datetime | None = None, *, own: datetime | None = None, actor: Actor | None = None
) -> None:
    """Raise WrongState unless the round takes answers (now, or ``at``), in time or late; ``own``: the actor's own time."""
    if round_.state == RoundState.PREPARING:
        raise WrongState(_("Samrådet har inte öppnat än."))
    if not visibility.takes_answers(round_, at, own=own):
        raise WrongState(CLOSED, **more_time(round_, actor))


def more_time(round_: ConsultationRound, actor: Actor | None) -> dict[str, Any]:
    """What a refusal offers whoever was too late: to ask for more time."""
    if actor is None or round_.state not in (RoundState.OPEN, RoundState.CLOSED):
        return {}
    return {"offer": {"url": f"/samrad/{round_.pk}/anstand/{actor.pk}/", "label": _("Begär anstånd")}}


def check_takes(response: Response, at: datetime | None = None) -> None:
    """The same for a response that has been begun."""
    if not visibility.takes_response(response, at):
        raise WrongState(CLOSED, **more_time(response.round, response.actor))


def lock_draft(
    response_id: int, by: User, at: datetime | None = None, *, states: Container[str] = (ResponseState.DRAFTING,)
) -> Response:
    """The locked response, still being written (or in one of ``states``), for somebody who may write in it."""
    response = locked_response(response_id)
    if response is None:
        raise NotFound(_("Svaret finns inte, eller så får du inte se det."))
    if not rules.can_write(fresh(by), response):
        raise Forbidden(
            _("Du har inte längre rätt att skriva i svaret. Kopiera din text och be administratören om en roll.")
        )
    if response.state in HANDED_IN:
        raise WrongState(
            _("Svaret är inlämnat och kan inte ändras. Din text är kvar på skärmen så att du kan kopiera den.")
        )
    if response.state == ResponseState.UNSENT and not (
        ResponseState.UNSENT in states and visibility.takes_response(response, at)
    ):
        raise WrongState(
            _("Samrådet har stängt. Svaret lämnades aldrig in, men texten finns kvar."),
            **more_time(response.round, response.actor),
        )
    check_takes(response, at)
    if response.state not in states:
        raise WrongState(
            _("Texten ligger fast medan svaret väntar på beslut. Ta tillbaka svaret till utkast om något ska ändras.")
        )
    return response


def check_text(text: str, name: str) -> str:
    """The text without trailing blanks; Invalid when it is too long for one field."""
    text = text.replace("\x00", "").strip()
    if len(text) > LONGEST_TEXT:
        raise Invalid(
            _("Texten är för lång."),
            {name: _("Högst %(n)s tecken i ett fält. Dela upp texten i flera synpunkter.") % {"n": LONGEST_TEXT}},
        )
    return text


@transaction.atomic
def save_summary(
    *,
    response_id: int,
    by: User,
    revision: int,
    summary: str,
    kind: str,
    own_case_number: str,
    base: Mapping[str, Any] | None = None,
) -> Response:
    """The response's own words as a whole, its kind (answer, no objection, declines) and the actor's case number.

    ``base`` here and below: the values that were changed; with it, what a colleague has saved meanwhile is put together
    with it word by word (``revisions.agreed``).
    """
    response = lock_draft(response_id, by)
    summary = check_text(summary, "summary")
    own_case_number = own_case_number.replace("\x00", "").strip()[:40]
    if kind not in ResponseKind.values:
        raise Invalid(_("Välj vilket slags svar ni lämnar."), {"kind": _("Välj ett av alternativen.")})
    mine = {"kind": kind, "summary": summary, "own_case_number": own_case_number}
    for name, value in agreed(response, revision, mine, base).items():
        setattr(response, name, value)
    response.revision += 1
    response.save(update_fields=["summary", "kind", "own_case_number", "revision"])
    record(by=by, verb="save_summary", obj=response, actor=response.actor, private_to=response.actor)
    doorbell.ring_piece(response, "summary", response.revision, by)
    return response


@transaction.atomic
def set_position(
    *,
    response_id: int,
    section_id: int,
    by: User,
    stance: str,
    reason: str,
    revision: int,
    base: Mapping[str, Any] | None = None,
) -> Position:
    """What the organisation thinks of a goal, sub-goal or priority. The reason is asked for at submission."""
    response = lock_draft(response_id, by)
    section = section_of(response, section_id)
    if section.kind not in WITH_POSITION:
        raise Invalid(_("Ställning tas till mål, delmål och prioriteringar."))
    if stance not in Stance.values:
        raise Invalid(_("Välj ett ställningstagande."), {"stance": _("Välj ett av alternativen.")})
    reason = check_text(reason, "reason")
    position = Position.objects.filter(response=response, section=section).first() or Position(
        response=response, section=section
    )
    for name, part in agreed(position, revision, {"stance": stance, "reason": reason}, base).items():
        setattr(position, name, part)
    _stamp(position, by)
    record(by=by, verb="set_position", obj=position, actor=response.actor, private_to=response.actor)
    doorbell.ring_piece(response, f"position-{section.pk}", position.revision, by)
    return position


@transaction.atomic
def save_answer(
    *,
    response_id: int,
    question_id: int,
    by: User,
    value: str,
    revision: int,
    base: Mapping[str, Any] | None = None,
) -> Answer:
    """The answer to a question; ``value`` is text, the choice's index, or "1".."5"; empty takes the answer back."""
    response = lock_draft(response_id, by)
    question = Question.objects.filter(pk=question_id, round=response.round).first()
    if question is None:
        raise NotFound(_("Frågan finns inte i det här samrådet."))
    answer = Answer.objects.filter(response=response, question=question).first() or Answer(
        response=response, question=question
    )
    value = check_text(value, "value")
    before = _given(question, str(base["value"])) if base is not None and "value" in base else None
    for name, part in agreed(answer, revision, _given(question, value), before).items():
        setattr(answer, name, part)
    _stamp(answer, by)
    record(by=by, verb="save_answer", obj=answer, actor=response.actor, private_to=response.actor)
    doorbell.ring_piece(response, f"answer-{question.pk}", answer.revision, by)
    return answer


def _given(question: Question, value: str) -> dict[str, Any]:
    """The answer's field and its value."""
    if question.kind == QuestionKind.FREE:
        return {"text": value}
    if question.kind == QuestionKind.CHOICE:
        return {"choice": _number(value, range(len(question.choices)))}
    return {"scale": _number(value, range(1, 6))}


def _number(value: str, allowed: range) -> int | None:
    if value == "":
        return None
    if not value.isascii() or not value.isdigit() or int(value) not in allowed:
        raise Invalid(_("Svaret finns inte bland alternativen."), {"value": _("Välj ett av alternativen.")})
    return int(value)


def _stamp(row: Position | Answer, by: User) -> None:
    """Save a piece of the response with who, when and its next revision."""
    row.updated_at, row.updated_by, row.revision = clock.now(), by, row.revision + 1
    row.save()


def section_of(response: Response, section_id: int) -> Section:
    """The section, when it belongs to the version that the round is about; NotFound otherwise."""
    section = Section.objects.filter(pk=section_id, version=response.round.version_id, removed_at=None).first()
    if section is None:
        raise NotFound(_("Avsnittet finns inte i samrådsversionen."))
    return section


@transaction.atomic
def add_point(
    *,
    response_id: int,
    by: User,
    text: str,
    kind: str = PointKind.REMARK,
    section_id: int | None = None,
    selection: dict[str, Any] | None = None,
    suggested_wording: str = "",
) -> Point:
    """A new point: on exact words (``selection``: see ``selections.exact``), on a section, or in general."""
    response = lock_draft(response_id, by)
    text, suggested_wording = check_text(text, "text"), check_text(suggested_wording, "suggested_wording")
    check_point(text, kind)
    section = section_of(response, section_id) if section_id else None
    anchor = (
        carry.create_anchor(section_id=section.pk, by=by, **exact(section, selection))
        if section and selection
        else None
    )
    now = clock.now()
    earlier = Q(
        response__round=response.round_id, response__actor=response.actor_id, response__version__lt=response.version
    )
    used = Point.objects.filter(Q(response=response) | earlier)  # a number that a point has had is not used again
    last = used.aggregate(last=Max("number"))["last"] or 0
    point = Point.objects.create(
        response=response, number=last + 1, kind=kind, section=section, anchor=anchor, text=text,
        suggested_wording=suggested_wording, created_at=now, created_by=by, updated_at=now,
    )  # fmt: skip
    record(by=by, verb="add_point", obj=point, actor=response.actor, private_to=response.actor)
    doorbell.ring_piece(response, f"point-{point.pk}", 0, by)
    return point


def check_point(text: str, kind: str) -> None:
    """Raise Invalid, naming the field, when a point has no words or no known kind."""
    fields: dict[str, Any] = {}
    if not text:
        fields["text"] = _("Skriv synpunkten.")
    if kind not in PointKind.values:
        fields["kind"] = _("Välj ett av alternativen.")
    if fields:
        raise Invalid(_("Synpunkten kunde inte sparas än."), fields)


@transaction.atomic
def edit_point(
    *,
    point_id: int,
    by: User,
    revision: int,
    text: str,
    kind: str,
    suggested_wording: str,
    base: Mapping[str, Any] | None = None,
) -> Point:
    """Change the words of a point that has not been handed in. What it is about stays."""
    point, response = _lock_point(point_id, by)
    text, suggested_wording = check_text(text, "text"), check_text(suggested_wording, "suggested_wording")
    check_point(text, kind)
    mine = {"text": text, "kind": kind, "suggested_wording": suggested_wording}
    for name, value in agreed(point, revision, mine, base).items():
        setattr(point, name, value)
    point.updated_at, point.revision = clock.now(), point.revision + 1
    point.save(update_fields=["text", "kind", "suggested_wording", "updated_at", "revision"])
    record(by=by, verb="edit_point", obj=point, actor=response.actor, private_to=response.actor)
    doorbell.ring_piece(response, f"point-{point.pk}", point.revision, by)
    return point


@transaction.atomic
def remove_point(*, point_id: int, by: User) -> None:
    """Take a point out of the draft. Its words stay in the organisation's own trail, so that it can be written again."""
    point, response = _lock_point(point_id, by)
    record(
        by=by, verb="remove_point", obj=point, actor=response.actor, private_to=response.actor,
        text=point.text, suggested_wording=point.suggested_wording, kind=point.kind,
    )  # fmt: skip
    doorbell.ring_piece(response, f"point-{point.pk}", point.revision + 1, by)
    point.delete()


def _lock_point(point_id: int, by: User) -> tuple[Point, Response]:
    """Response first, then the point: the order in which everything here locks."""
    response_id = Point.objects.filter(pk=point_id).values_list("response_id", flat=True).first()
    response = lock_draft(response_id or 0, by)
    return lock(Point.objects.filter(pk=point_id, response=response)), response


@transaction.atomic
def submit_response(*, response_id: int, by: User, preliminary: bool = False) -> Response:
    """Hand the response in for the organisation. From now on nothing in it changes; the receipt says what, when and who.

    Counted by arrival (one that the region enters: by when it reached the region): late when it comes after the announced
    hour; one that arrived before the hour is taken even if the closing was quicker on a busy server. Numbered within its stream. A later version replaces the one before it, keeps its number, and is in time if that
    one was. ``preliminary``: before the body that decides has decided.
    Raises Forbidden, WrongState, Invalid (what is missing).
    """
    arrived = clock.arrived()
    sealing.share_round(response_id)
    response = lock_draft(response_id, by, arrived, states=(*IN_WORK, ResponseState.UNSENT))
    if not rules.can_submit(by, response):
        raise Forbidden(_("Bara den som är behörig att lämna svar för organisationen kan lämna in."))
    RESPONSE_STATES.check(response.state, ResponseState.SUBMITTED)
    round_ = round_of(response)
    response.preliminary = preliminary and response.political and not is_decided(response)
    check_complete(response)
    check_decided(response)
    if response.stream == Stream.PUBLIC:
        moderation.check_consent(response)
    earlier = succession.give_way(response)
    response.state = ResponseState.SUBMITTED
    response.submitted_at, response.submitted_by = arrived, by
    response.late = earlier.late if earlier else visibility.is_late(response, arrived)
    receipts.announce(response)
    record(
        by=by, verb="submit_response", obj=response, strategy_id=round_.version.strategy_id,
        actor=response.actor, late=response.late, version=response.version, preliminary=response.preliminary,
    )  # fmt: skip
    sealing.number_and_seal(response, earlier)
    if earlier is not None:
        succession.carry_fate(response)
        redaction.carry_redactions(earlier, response)
    if response.stream == Stream.PUBLIC:
        moderation.receive(response)
    receipts.send(response)
    if response.stream != Stream.MEETING:
        papers.ask_for_receipt(response)
    doorbell.ring_state(response)
    return response
