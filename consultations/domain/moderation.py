"""Answers from the public: taken in with consent, then published or held back by the region, with a reason."""

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from actors.domain.audit import record
from actors.domain.mail import queue_mail
from actors.models import User
from actors.queries.roles import fresh
from consultations import rules
from consultations.models import ConsultationRound, Moderation, Participant, Response
from consultations.states import MODERATION_STATES, ModerationState, RoundState
from rus_platform.kit import clock
from rus_platform.kit.errors import Forbidden, Invalid, WrongState
from rus_platform.kit.locking import lock
from rus_platform.kit.wording import own_language

LONGEST_REASON = 2_000


def check_consent(response: Response) -> None:
    """Raise Invalid (``consent``) unless the one who answers has agreed to what becomes public."""
    if not Participant.objects.filter(actor_id=response.actor_id, consented_at__isnull=False).exists():
        raise Invalid(
            _("Svaret kan inte lämnas in än."),
            {"consent": _("Kryssa för att du har läst vad som blir offentligt.")},
        )


def receive(response: Response) -> Moderation:
    """An answer from the public has been handed in: it waits until an officer has looked at it."""
    return Moderation.objects.create(response=response)


@transaction.atomic
def publish_answer(*, response_id: int, by: User) -> Moderation:
    """Let everyone read the answer when the round's answers are public. Raises Forbidden, WrongState."""
    moderation = _lock(response_id, by)
    return _decide(moderation, ModerationState.PUBLISHED, "", by, "publish_answer")


@transaction.atomic
def hold_back(*, response_id: int, by: User, reason: str) -> Moderation:
    """Don't publish the answer, and tell its author why. The original stays with the region. Raises Forbidden, WrongState,
    Invalid (``reason``)."""
    moderation = _lock(response_id, by)
    reason = reason.replace("\x00", "").strip()
    if not reason or len(reason) > LONGEST_REASON:
        text = _("Skriv skälet, på högst %(n)s tecken. Den som svarat får läsa det.") % {"n": LONGEST_REASON}
        raise Invalid(text, {"reason": text})
    return _decide(moderation, ModerationState.HELD, reason, by, "hold_back")


def _lock(response_id: int, by: User) -> Moderation:
    """Round first, then what is decided about: the round's end and a decision never pass each other."""
    round_id = Moderation.objects.filter(response=response_id).values_list("response__round", flat=True).first()
    round_ = lock(ConsultationRound.objects.filter(pk=round_id or 0).select_related("version__strategy__owner"))
    if not rules.can_moderate(fresh(by), round_):
        raise Forbidden(_("Bara regionens handläggare kan granska svar från allmänheten."))
    moderation = lock(Moderation.objects.filter(response=response_id).select_related("response__actor"))
    moderation.response.round = round_
    if round_.state == RoundState.SETTLED and moderation.state != ModerationState.PUBLISHED:
        raise WrongState(_("Samrådet är avslutat, så svaret kan inte längre publiceras."))
    return moderation


def _decide(moderation: Moderation, state: str, reason: str, by: User, verb: str) -> Moderation:
    MODERATION_STATES.check(moderation.state, state)
    response = moderation.response
    before = moderation.state
    moderation.state, moderation.reason = state, reason
    moderation.decided_at, moderation.decided_by = clock.now(), by
    moderation.save()
    record(
        by=by, verb=verb, obj=response, strategy_id=response.round.version.strategy_id, actor=response.actor,
        private_to=response.round.version.strategy.owner, was=before, reason=reason,
    )  # fmt: skip
    _tell(moderation)
    return moderation


@own_language()
def _tell(moderation: Moderation) -> None:
    """A letter to the author."""
    response = moderation.response
    participant = Participant.objects.get(actor_id=response.actor_id)
    held = moderation.state == ModerationState.HELD
    queue_mail(
        to=participant.email,
        subject=_("Ditt svar publiceras inte: %(round)s") % {"round": response.round.title}
        if held
        else _("Ditt svar är granskat: %(round)s") % {"round": response.round.title},
        template="consultations/moderated",
        context={
            "participant": participant, "round": response.round, "held": held, "reason": moderation.reason,
            "link": f"{settings.SITE_URL}/samrad/{response.round_id}/",
        },
        key=f"moderated:{response.pk}:{moderation.history.count()}",
    )  # fmt: skip
