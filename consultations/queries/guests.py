"""What those who come by a link have: which link, to what, until when."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from actors.models import Actor, PersonalLink, User
from consultations.models import ConsultationRound, Invitation, Letter, Participant, Response

INVITATION = "invitation"  # the purpose of a link in a letter about a round


@dataclass(frozen=True)
class OwnLink:
    """A link and where it leads. ``invitation_id`` None: that of somebody of the public. ``response_id`` None: not begun."""

    round: ConsultationRound
    actor: Actor
    email: str
    until: datetime
    used_at: datetime | None
    invitation_id: int | None
    response_id: int | None


def links_to(invitation_id: int, user: User) -> QuerySet[PersonalLink]:
    """One's own links to an invitation that nobody has ended, newest first."""
    letters = Letter.objects.filter(invitation=invitation_id, link__isnull=False).values("link")
    first = Invitation.objects.filter(pk=invitation_id, link__isnull=False).values("link")
    rows = PersonalLink.objects.filter(Q(pk__in=letters) | Q(pk__in=first), email=user.email, purpose=INVITATION)
    return rows.filter(revoked_at=None).order_by("-expires_at", "-pk")


def own_links(user: User) -> list[OwnLink]:
    """Every link of a person: the newest of each round. Five queries whatever their number."""
    return [*_of_organisations(user), *_of_the_public(user)]


def _of_organisations(user: User) -> list[OwnLink]:
    links = PersonalLink.objects.filter(email=user.email, purpose=INVITATION, revoked_at=None)
    known = {link.pk: link for link in links.order_by("expires_at", "pk")}
    pairs = list(Letter.objects.filter(link__in=known).values_list("invitation_id", "link_id"))
    pairs += Invitation.objects.filter(link__in=known).values_list("pk", "link_id")
    order = {pk: n for n, pk in enumerate(known)}
    newest: dict[int, PersonalLink] = {}
    for invitation_id, link_id in sorted(pairs, key=lambda pair: order[pair[1] or 0]):
        newest[invitation_id] = known[link_id or 0]
    rows = Invitation.objects.filter(pk__in=newest).select_related("actor", "round__version__strategy__owner")
    found = list(rows.order_by("-pk"))
    begun = _begun(found)
    return [
        OwnLink(
            row.round, row.actor, newest[row.pk].email, newest[row.pk].expires_at, newest[row.pk].first_opened_at,
            row.pk, begun.get((row.round_id, row.actor_id)),
        )
        for row in found
    ]  # fmt: skip


def _begun(rows: list[Invitation]) -> dict[tuple[int, int], int]:
    """(round, actor) -> the newest version of the answer."""
    answers = Response.objects.filter(
        round__in=[row.round_id for row in rows], actor__in=[row.actor_id for row in rows]
    )
    return {(row.round_id, row.actor_id): row.pk for row in answers.only("round_id", "actor_id").order_by("version")}


def _of_the_public(user: User) -> list[OwnLink]:
    rows = Participant.objects.filter(user=user).select_related("actor", "round__version__strategy__owner")
    found = []
    for row in rows:
        answer = Response.objects.filter(round=row.round, actor=row.actor).order_by("-version").first()
        assert row.actor is not None  # confirmed, since it has a user
        found.append(
            OwnLink(
                row.round, row.actor, row.email, row.expires_at, row.confirmed_at, None, answer.pk if answer else None
            )
        )
    return found
