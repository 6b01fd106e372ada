"""What a link gives: one that was passed on, one that was renewed."""

from datetime import datetime

from actors.models import PersonalLink, Role, User
from actors.queries.roles import fresh, has_role
from consultations import rules
from consultations.models import Letter, LetterKind, PassedOn


def roles_by(link: PersonalLink) -> tuple[Role, ...] | None:
    """For a link that was passed on: the roles of the one who passed it on, as they are now. None for any other link."""
    row = PassedOn.objects.filter(link=link).select_related("passed_by", "invitation").first()
    if row is None:
        return None
    actor_id = row.invitation.actor_id
    return tuple(role for role in (Role.EDITOR, Role.SIGNATORY) if _gives(row.passed_by, actor_id, role))


def _gives(giver: User, actor_id: int, role: Role) -> bool:
    """Whoever writes lets write; only whoever may hand in lets hand in."""
    if not giver.is_active:
        return False
    wanted = rules.WRITERS if role == Role.EDITOR else (Role.SIGNATORY,)
    return has_role(fresh(giver), actor_id, *wanted)


def let_in_at(link: PersonalLink) -> datetime:
    """When somebody last decided that the mailbox of a link should have one. A renewal is asked for by whoever has the
    link, and does not count. One query."""
    same = Letter.objects.filter(link=link).values("invitation")
    sent = Letter.objects.filter(invitation__in=same).exclude(kind=LetterKind.RENEWED).values("link")
    rows = PersonalLink.objects.filter(pk__in=sent, email=link.email, created_at__lte=link.created_at)
    return rows.order_by("-created_at").values_list("created_at", flat=True).first() or link.created_at
