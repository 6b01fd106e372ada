"""Those who come by a link see to it themselves: a new one to their own mailbox, or an end to it."""

import secrets

from django.db import transaction
from django.utils.translation import gettext as _

from actors.domain.audit import record
from actors.domain.links import hashed
from actors.models import PersonalLink, User
from consultations.domain import throttle
from consultations.domain.invitations import by_link
from consultations.domain.passing_on import send_new_link
from consultations.domain.taking_part import expires_for, send_link
from consultations.models import Invitation, Participant
from consultations.queries.guests import links_to
from consultations.states import RoundState
from rus_platform.kit import clock
from rus_platform.kit.errors import Invalid, NotFound, WrongState
from rus_platform.kit.locking import lock
from rus_platform.kit.wording import own_language


def _lock(invitation_id: int, by: User) -> tuple[Invitation, list[PersonalLink]]:
    """The locked invitation and one's own links to it, newest first; NotFound without any."""
    links = list(links_to(invitation_id, by))
    rows = by_link(links[0]) if links else Invitation.objects.none()
    row = lock(rows.select_related("actor", "round__version__strategy__owner"))
    return row, links


@transaction.atomic
@own_language()
def renew_own_link(*, invitation_id: int, by: User) -> PersonalLink:
    """A letter with a new link to one's own mailbox; it gives what the old one gave. The old one goes on until its day.

    Raises NotFound (not one's own), WrongState (the round is settled), Invalid (too often).
    """
    row, links = _lock(invitation_id, by)
    if row.round.state == RoundState.SETTLED:
        raise WrongState(_("Samrådet är avslutat. Svaren går att läsa på samrådets sida."))
    return send_new_link(row, links[0], by=by)


@transaction.atomic
def stop_own_link(*, invitation_id: int, by: User) -> int:
    """Let every link of one's own to this invitation end. What has been written stays with the organisation. How many."""
    row, links = _lock(invitation_id, by)
    ended = PersonalLink.objects.filter(pk__in=[link.pk for link in links]).update(revoked_at=clock.now())
    record(by=by, verb="stop_own_link", obj=row, actor=row.actor, strategy_id=row.round.version.strategy_id)
    return ended


@transaction.atomic
@own_language()
def renew_public_link(*, by: User) -> Participant:
    """The same for somebody of the public; the old link ends. Raises NotFound, Invalid (too often)."""
    row = _participant(by)
    if throttle.mailbox_has_had_enough(row.email):
        raise Invalid(_("Nya länkar har redan skickats. Titta i brevlådan, också i skräpposten."))
    token = secrets.token_urlsafe(24)
    row.token_sha256, row.asked_at, row.expires_at = hashed(token), clock.now(), expires_for(row.round, row)
    row.save(update_fields=["token_sha256", "asked_at", "expires_at"])
    send_link(row, token)
    record(by=by, verb="renew_public_link", obj=row.round, strategy_id=row.round.version.strategy_id, actor=row.actor)
    return row


@transaction.atomic
def stop_public_link(*, by: User) -> Participant:
    """Let the link end now. What was handed in stays; what was not is seen by nobody. The form on the round's page gives a
    new link to the same answer."""
    row = _participant(by)
    row.expires_at = min(row.expires_at, clock.now())
    row.save(update_fields=["expires_at"])
    record(by=by, verb="stop_public_link", obj=row.round, strategy_id=row.round.version.strategy_id, actor=row.actor)
    return row


def _participant(by: User) -> Participant:
    rows = Participant.objects.filter(user=by).select_related(
        "round__version__strategy__owner", "municipality", "actor"
    )
    if not rows.exists():
        raise NotFound(_("Du har ingen länk här."))
    return lock(rows)
