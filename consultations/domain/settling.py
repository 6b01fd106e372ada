"""What must be finished before a round can be."""

from django.utils.translation import gettext as _

from consultations.models import ConsultationRound, Moderation
from consultations.states import ModerationState, ResponseState
from rus_platform.kit.errors import WrongState


def check_all_moderated(round_: ConsultationRound) -> None:
    """Raise WrongState while an answer from the public waits to be looked at."""
    waiting = Moderation.objects.filter(
        response__round=round_, response__state=ResponseState.SUBMITTED, state=ModerationState.WAITING
    ).count()
    if waiting:
        raise WrongState(_("Det går inte att avsluta: %(n)s svar från allmänheten är inte granskade.") % {"n": waiting})


def check_nothing_half_entered(round_: ConsultationRound) -> None:
    """Raise WrongState, with their names, while an answer that the region enters for somebody is not registered."""
    rows = round_.responses.filter(state=ResponseState.DRAFTING, entered_by__isnull=False).select_related("actor")
    if names := ", ".join(row.actor.name for row in rows):
        raise WrongState(
            _("Det går inte att avsluta: det som förs in är inte registrerat än (%(names)s).") % {"names": names}
        )
