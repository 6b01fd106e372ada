"""Who writes what: parts of the response given to colleagues, and somebody who stands in."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from actors.domain.audit import record
from actors.domain.notify import notify
from actors.models import Actor, Role, User
from actors.queries.roles import fresh, has_role, people_with
from consultations import rules
from consultations.domain.responses import section_of
from consultations.models import Assignment, Question, Response, StandIn
from consultations.states import IN_WORK
from rus_platform.kit import clock
from rus_platform.kit.errors import Forbidden, Invalid, NotFound, WrongState
from rus_platform.kit.locking import lock
from rus_platform.kit.wording import own_language


@transaction.atomic
def share_out(
    *, response_id: int, by: User, person_id: int | None, section_id: int | None = None, question_id: int | None = None
) -> Assignment | None:
    """Give a section, a question or (neither) the answer in short to a colleague; ``person_id`` None takes it back.

    Raises Forbidden, NotFound, WrongState, Invalid (somebody who can't write here).
    """
    response = _lock(response_id, by)
    section = section_of(response, section_id) if section_id else None
    question = Question.objects.filter(pk=question_id, round_id=response.round_id).first() if question_id else None
    if question_id and question is None:
        raise NotFound(_("Frågan finns inte i det här samrådet."))
    known = Assignment.objects.filter(response=response, section=section, question=question).first()
    if (known.person_id if known else None) == person_id:
        return known
    if known is not None:
        known.delete()
    if person_id is None:
        record(by=by, verb="share_out", obj=response, actor=response.actor, private_to=response.actor, person="")
        return None
    person = people_with(response.actor_id, *rules.WRITERS).filter(pk=person_id).first()
    if person is None:
        raise Invalid(_("Personen kan inte skriva i svaret."), {"person": _("Välj någon som kan skriva i svaret.")})
    made = Assignment.objects.create(
        response=response, section=section, question=question, person=person, given_at=clock.now(), given_by=by
    )
    record(by=by, verb="share_out", obj=response, actor=response.actor, private_to=response.actor, person=person.name)
    _tell(response, person, by)
    return made


@own_language()
def _tell(response: Response, person: User, by: User) -> None:
    notify(
        users=[person], kind="shared_out", by=by, url=f"/svar/{response.pk}/",
        text=_("%(name)s har gett dig en del av svaret på ”%(round)s”.")
        % {"name": by.name, "round": response.round.title},
    )  # fmt: skip


@transaction.atomic
def mark_share_done(*, assignment_id: int, by: User, done: bool = True) -> Assignment:
    """Say that one's part is done, or that it is not after all. Anybody who writes here may."""
    response_id = Assignment.objects.filter(pk=assignment_id).values_list("response_id", flat=True).first()
    response = _lock(response_id or 0, by)
    row = lock(Assignment.objects.filter(pk=assignment_id, response=response))
    if (row.done_at is not None) != done:
        row.done_at = clock.now() if done else None
        row.save(update_fields=["done_at"])
        record(
            by=by, verb="mark_share_done", obj=response, actor=response.actor, private_to=response.actor, done=done
        )  # fmt: skip
    return row


def _lock(response_id: int, by: User) -> Response:
    response = lock(Response.objects.filter(pk=response_id).select_related("actor", "round__version__strategy"))
    if not rules.can_write(fresh(by), response):
        raise Forbidden(_("Du kan inte skriva i svaret, och därför inte heller fördela arbetet."))
    if response.state not in IN_WORK or response.entered_by_id is not None:
        raise WrongState(_("Svaret är inte längre under arbete."))
    return response


@transaction.atomic
def name_stand_in(*, actor_id: int, by: User, person_id: int, stand_in_id: int, until: date | None = None) -> StandIn:
    """Let a colleague answer for ``person_id``'s share, until a day. By the person, or by the administrator.

    A new one replaces the one that was. Raises Forbidden, Invalid.
    """
    actor = lock(Actor.objects.filter(pk=actor_id))
    if not has_role(fresh(by), actor.pk, Role.ADMIN) and not (
        by.pk == person_id and has_role(by, actor.pk, *rules.WRITERS)
    ):
        raise Forbidden(_("Bara du själv eller er administratör kan utse en ersättare för dig."))
    people = {user.pk: user for user in people_with(actor, *rules.WRITERS)}
    if stand_in_id == person_id:
        raise Invalid(_("Välj en annan person."), {"stand_in": _("Ingen kan vara sin egen ersättare.")})
    if stand_in_id not in people or person_id not in people:
        raise Invalid(_("Personen kan inte skriva här."), {"stand_in": _("Välj någon som kan skriva i svaret.")})
    if until is not None and until < clock.today():
        raise Invalid(_("Dagen har redan varit."), {"until": _("Välj en dag längre fram.")})
    now = clock.now()
    StandIn.objects.filter(actor=actor, person_id=person_id, ended_at=None).update(ended_at=now)
    row = StandIn.objects.create(
        actor=actor, person_id=person_id, stand_in_id=stand_in_id, until=until, created_at=now, created_by=by
    )
    record(
        by=by, verb="name_stand_in", obj=actor, actor=actor, private_to=actor, person=people[person_id].name,
        stand_in=people[stand_in_id].name,
    )  # fmt: skip
    notify(
        users=[people[stand_in_id]], kind="stand_in", by=by, url="/samrad/",
        text=_("Du är ersättare för %(name)s i %(actor)s.") % {"name": people[person_id].name, "actor": actor},
    )  # fmt: skip
    return row


@transaction.atomic
def end_stand_in(*, stand_in_id: int, by: User) -> None:
    """The person answers for her own share again."""
    actor_id = StandIn.objects.filter(pk=stand_in_id).values_list("actor_id", flat=True).first()
    actor = lock(Actor.objects.filter(pk=actor_id or 0))
    row = lock(StandIn.objects.filter(pk=stand_in_id))
    if not has_role(fresh(by), actor.pk, Role.ADMIN) and by.pk not in (row.person_id, row.stand_in_id):
        raise Forbidden(_("Bara de som berörs eller er administratör kan avsluta det."))
    if row.ended_at is None:
        row.ended_at = clock.now()
        row.save(update_fields=["ended_at"])
        record(by=by, verb="end_stand_in", obj=actor, actor=actor, private_to=actor)
