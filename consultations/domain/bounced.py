"""Letters that did not reach a consultee: said to the region once, and noted by hand when it hears so in another way."""

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from actors.domain.audit import record
from actors.domain.bounces import note_bounce
from actors.domain.notify import notify
from actors.models import Role, User
from actors.queries.roles import fresh, people_with
from consultations import rules
from consultations.domain.doorbell import ring_board
from consultations.models import ConsultationRound, Invitation
from consultations.states import RoundState
from rus_platform.kit import clock
from rus_platform.kit.errors import Forbidden, WrongState
from rus_platform.kit.locking import lock
from rus_platform.kit.wording import own_language


@transaction.atomic
def mark_bounced(*, invitation_id: int, why: str, by: User) -> Invitation:
    """Somebody at the region knows that the invitation did not arrive. Raises Forbidden, WrongState (none was sent)."""
    rows = Invitation.objects.filter(pk=invitation_id).select_related(
        "actor", "mail", "round__version__strategy__owner"
    )
    invitation = lock(rows)
    if not rules.can_prepare(fresh(by), invitation.round):
        raise Forbidden(_("Bara regionens handläggare kan ändra sändlistan."))
    if invitation.mail_id is None:
        raise WrongState(_("Ingen inbjudan har skickats till %(actor)s.") % {"actor": invitation.actor})
    invitation.mail = note_bounce(letter_id=invitation.mail_id, why=why.strip() or _("Noterat för hand."), by=by)
    invitation.bounce_told_at = clock.now()
    invitation.save(update_fields=["bounce_told_at"])
    record(
        by=by, verb="mark_bounced", obj=invitation, actor=invitation.actor,
        strategy_id=invitation.round.version.strategy_id,
    )  # fmt: skip
    ring_board(invitation.round_id)
    return invitation


def tell_bounced() -> int:
    """By the clock: a notice to those who prepare each round in which invitations have come back. How many came back."""
    news = _untold(Invitation.objects.all())
    rounds = news.order_by("round").values_list("round", flat=True).distinct()
    return sum(_tell(round_id) for round_id in list(rounds))


def _untold(rows: QuerySet[Invitation]) -> QuerySet[Invitation]:
    """Invitations whose letter has bounced since the region was last told."""
    bounced = rows.filter(mail__bounced_at__isnull=False, round__state__in=[RoundState.OPEN, RoundState.CLOSED])
    return bounced.filter(bounce_told_at=None) | bounced.filter(bounce_told_at__lt=F("mail__bounced_at"))


@transaction.atomic
@own_language()
def _tell(round_id: int) -> int:
    rows = ConsultationRound.objects.filter(pk=round_id).select_related("version__strategy")
    round_ = rows.select_for_update(of=("self",), no_key=True, skip_locked=True).first()
    count = _untold(round_.invitations.all()).count() if round_ else 0
    if round_ is None or not count:
        return 0
    round_.invitations.filter(mail__bounced_at__isnull=False).update(bounce_told_at=clock.now())
    ring_board(round_.pk)
    words = ngettext(
        "%(n)s inbjudan till ”%(round)s” kom inte fram.", "%(n)s inbjudningar till ”%(round)s” kom inte fram.", count
    )
    notify(
        users=people_with(round_.version.strategy.owner_id, Role.LEADER, Role.EDITOR), kind="bounced",
        text=words % {"n": count, "round": round_.title}, url=f"/samrad/{round_.pk}/svarslage/",
    )  # fmt: skip
    return count
