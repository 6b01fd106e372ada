"""What must be finished before a round can be."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consultations.models import ConsultationRound, Disposition, Moderation, Point, Stream
from consultations.states import ModerationState, ResponseState
from rus_platform.kit.errors import WrongState


def undecided_points(round_: ConsultationRound) -> QuerySet[Point]:
    """Submitted points of the round without a current decision. The public's too, once published."""
    return points_to_answer(round_).filter(~Exists(Disposition.objects.filter(point=OuterRef("pk"), current=True)))


def points_to_answer(round_: ConsultationRound) -> QuerySet[Point]:
    """Submitted points of the round: each gets a decision before the end. The public's once published."""
    return Point.objects.filter(
        ~Q(response__stream=Stream.PUBLIC) | Q(response__moderation__state=ModerationState.PUBLISHED),
        response__round=round_, response__state=ResponseState.SUBMITTED,
    )  # fmt: skip


def check_none_blank(round_: ConsultationRound) -> None:
    """Raise WrongState, with the way to them, while a point has no decision."""
    blank = undecided_points(round_)
    of_public = blank.filter(response__stream=Stream.PUBLIC).count()
    count = blank.count()
    if count:
        words = ngettext(
            "Det går inte att avsluta: en synpunkt har inte fått något svar än.",
            "Det går inte att avsluta: %(n)s synpunkter har inte fått något svar än.",
            count,
        )
        only_public = "&stream=public" if of_public == count else ""
        there = f"/samrad/{round_.pk}/synpunkter/?status=undecided{only_public}"
        raise WrongState(words % {"n": count}, undecided=count, offer={"url": there, "label": _("Visa dem")})


def check_all_moderated(round_: ConsultationRound) -> None:
    """Raise WrongState while an answer from the public waits to be looked at."""
    waiting = Moderation.objects.filter(
        response__round=round_, response__state=ResponseState.SUBMITTED, state=ModerationState.WAITING
    ).count()
    if waiting:
        words = ngettext(
            "Det går inte att avsluta: ett svar från allmänheten är inte granskat.",
            "Det går inte att avsluta: %(n)s svar från allmänheten är inte granskade.",
            waiting,
        )
        there = f"/samrad/{round_.pk}/allmanheten/"
        raise WrongState(words % {"n": waiting}, offer={"url": there, "label": _("Visa dem")})


def check_nothing_half_entered(round_: ConsultationRound) -> None:
    """Raise WrongState, with their names, while an answer that the region enters for somebody is not registered."""
    rows = round_.responses.filter(state=ResponseState.DRAFTING, entered_by__isnull=False).select_related("actor")
    if names := ", ".join(row.actor.name for row in rows):
        raise WrongState(
            _("Det går inte att avsluta: det som förs in är inte registrerat än (%(names)s).") % {"names": names}
        )
