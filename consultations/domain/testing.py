"""The invitation as a consultee would get it, sent to oneself."""

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from actors.domain.audit import record
from actors.domain.mail import queue_mail
from actors.models import Actor, OutgoingMail, User
from actors.queries.roles import fresh
from consultations import rules
from consultations.domain import letters
from consultations.domain.rounds import lock_round
from consultations.models import Invitation, LetterKind
from consultations.states import RoundState
from rus_platform.kit import clock
from rus_platform.kit.errors import Forbidden, Invalid, WrongState
from rus_platform.kit.wording import own_language


@transaction.atomic
@own_language()
def send_test(*, round_id: int, by: User) -> OutgoingMail:
    """The letter of the round, to the person herself; its link leads to the preview and lets nobody in. Once a minute.

    Raises Forbidden, WrongState, Invalid (no cover letter or closing time yet).
    """
    round_ = lock_round(round_id)
    if not rules.can_prepare(fresh(by), round_):
        raise Forbidden(_("Bara regionens handläggare kan förbereda ett samråd."))
    if round_.state != RoundState.PREPARING:
        raise WrongState(_("Samrådet har redan öppnat."))
    if not round_.cover_letter.strip() or round_.closes_at is None:
        raise Invalid(_("Skriv missivet och ange sluttiden först, så att brevet är som det ska bli."))
    row = round_.invitations.select_related("actor").order_by("actor__sort_key").first()
    example = row or Invitation(round=round_, actor=Actor(name=_("Exempelkommunen")))
    facts = letters.letter_context(round_, example, "") | {
        "link": f"{settings.SITE_URL}/samrad/{round_.pk}/forhandsgranska/"
    }
    letter = queue_mail(
        to=by.email, subject=_("PROV: ") + letters.subject_of(LetterKind.INVITATION) % {"round": round_.title},
        template="consultations/invitation", context=facts, key=f"test:{round_.pk}:{by.pk}:{clock.now():%Y%m%d%H%M}",
    )  # fmt: skip
    record(by=by, verb="send_test", obj=round_, strategy_id=round_.version.strategy_id)
    return letter
