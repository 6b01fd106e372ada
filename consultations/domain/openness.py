"""What of a round is open to whom. Every change is in the trail, with what it was before."""

from django.db import transaction
from django.utils.translation import gettext as _

from actors.domain.audit import record
from actors.models import User
from actors.queries.roles import fresh
from consultations import rules
from consultations.models import ConsultationRound, PublicWhen
from consultations.states import RoundState
from rus_platform.kit.errors import Forbidden, Invalid, WrongState
from rus_platform.kit.locking import lock


@transaction.atomic
def set_openness(*, round_id: int, by: User, open_to_public: bool, public_when: str) -> ConsultationRound:
    """Whether the public may answer, and when the answers become public; before the opening and afterwards too.

    Answers that everyone has been able to read are not made secret again here: redact or hold back. Raises Forbidden,
    WrongState, Invalid (``public_when``).
    """
    round_ = lock(ConsultationRound.objects.filter(pk=round_id).select_related("version__strategy"))
    if not rules.can_open(fresh(by), round_):
        raise Forbidden(_("Bara processledaren kan ändra vad som är offentligt."))
    if round_.state == RoundState.SETTLED:
        raise WrongState(_("Samrådet är avslutat. Vad som är offentligt ligger fast."))
    if public_when not in PublicWhen.values:
        raise Invalid(_("Välj när svaren blir offentliga."), {"public_when": _("Välj ett av alternativen.")})
    if round_.state == RoundState.CLOSED and round_.public_when == PublicWhen.CLOSED != public_when:
        raise WrongState(
            _("Svaren är redan offentliga och kan inte göras hemliga i efterhand. Maska i stället det som behövs.")
        )
    wanted = {"open_to_public": open_to_public, "public_when": public_when}
    changed = {name: [getattr(round_, name), value] for name, value in wanted.items() if getattr(round_, name) != value}
    if changed:
        for name, value in wanted.items():
            setattr(round_, name, value)
        round_.save(update_fields=[*wanted])
        record(by=by, verb="set_openness", obj=round_, strategy_id=round_.version.strategy_id, changed=changed)
    return round_
