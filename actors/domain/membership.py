"""People and their roles in actors."""

from django.db import transaction
from django.utils.translation import gettext as _

from actors import rules
from actors.domain.audit import record
from actors.models import Actor, Membership, Role, User
from rus_platform.kit import clock
from rus_platform.kit.errors import Forbidden, Invalid
from rus_platform.kit.locking import lock


@transaction.atomic
def give_role(*, actor_id: int, email: str, name: str, role: str, by: User | None, title: str = "") -> Membership:
    """Let a person (created when unknown) hold ``role`` in an actor. The same open role twice is one.

    ``by`` None is the installation itself (first administrator, demo). Raises Forbidden, Invalid.
    """
    actor = lock(Actor.objects.filter(pk=actor_id))
    if by is not None and not rules.can_handle_people(by, actor):
        raise Forbidden(_("Du kan inte ge roller i %(actor)s.") % {"actor": actor})
    if role not in Role.values:
        raise Invalid(_("Det finns ingen sådan roll."), {"role": _("Välj en roll i listan.")})
    email = email.strip().lower()
    user = User.objects.filter(email=email).first() or User.objects.create_user(email, None, name=name, title=title)
    membership, new = Membership.objects.get_or_create(
        user=user, actor=actor, role=role, until=None, defaults={"since": clock.now(), "given_by": by}
    )
    if new:
        record(by=by, verb="give_role", obj=membership, actor=actor, role=role)
    return membership


@transaction.atomic
def end_role(*, membership_id: int, by: User) -> Membership:
    """End a role now. What the person wrote stays. Raises Forbidden; Invalid for the last administrator."""
    membership = lock(Membership.objects.filter(pk=membership_id, until=None).select_related("actor"))
    actor = lock(Actor.objects.filter(pk=membership.actor_id))
    if not rules.can_handle_people(by, actor):
        raise Forbidden(_("Du kan inte ta bort roller i %(actor)s.") % {"actor": actor})
    others = Membership.objects.filter(actor=actor, role=Role.ADMIN, until=None).exclude(pk=membership.pk)
    if membership.role == Role.ADMIN and not others.exists():
        raise Invalid(_("Någon måste vara administratör. Ge först rollen till en annan person."))
    membership.until, membership.ended_by = clock.now(), by
    membership.save(update_fields=["until", "ended_by"])
    record(by=by, verb="end_role", obj=membership, actor=actor, role=membership.role)
    return membership
