"""People and their roles in actors."""

from django.db import transaction
from django.utils.translation import gettext as _

from actors import rules
from actors.domain.audit import record
from actors.domain.register import checked_email, checked_name
from actors.models import Actor, Membership, Role, User
from actors.queries.roles import fresh
from rus_platform.kit import clock
from rus_platform.kit.bell import person_group, ring_after_commit
from rus_platform.kit.errors import Forbidden, Invalid
from rus_platform.kit.locking import lock


@transaction.atomic
def give_role(*, actor_id: int, email: str, name: str, role: str, by: User | None, title: str = "") -> Membership:
    """Let a person (created when unknown) hold ``role`` in an actor. The same open role twice is one.

    ``by`` None is the installation itself (first administrator, an accepted invitation, demo). A region's administrator
    may give the first administrator of an organisation that has none, but never that role to herself.
    Raises Forbidden; Invalid (``role``, ``email``, ``name``).
    """
    actor = lock(Actor.objects.filter(pk=actor_id))
    email = checked_email(email, required=True)
    if by is not None:
        _check_giver(fresh(by), actor, role, email)
    if role not in Role.values:
        raise Invalid(_("Det finns ingen sådan roll."), {"role": _("Välj en roll i listan.")})
    user = _person(email, name, title)
    membership, new = Membership.objects.get_or_create(
        user=user, actor=actor, role=role, until=None, defaults={"since": clock.now(), "given_by": by}
    )
    if new:
        record(by=by, verb="give_role", obj=membership, actor=actor, role=role, person=user.name)
    return membership


def _check_giver(by: User, actor: Actor, role: str, email: str) -> None:
    """Forbidden unless ``by`` may give this role here."""
    if rules.can_handle_people(by, actor):
        return
    if not rules.can_start_organisation(by, actor):
        raise Forbidden(_("Du kan inte ge roller i %(actor)s.") % {"actor": actor})
    if role != Role.ADMIN or email == by.email:
        raise Forbidden(
            _(
                "Du kan bara bjuda in en första administratör till %(actor)s. Den personen ger sedan roller till sina kollegor."
            )
            % {"actor": actor}
        )


def _person(email: str, name: str, title: str) -> User:
    """The person with this address, created when there is none. Two who invite the same person get the same one."""
    user = User.objects.filter(email=email).first()
    if user is not None:
        if not user.is_active:
            raise Invalid(_("Kontot är avstängt."), {"email": _("Kontot med den här adressen är avstängt.")})
        return user
    name = checked_name(name, 120)
    new = User(email=email, name=name, title=" ".join(title.replace("\x00", "").split())[:120])
    new.set_unusable_password()
    User.objects.bulk_create([new], ignore_conflicts=True)
    return User.objects.get(email=email)


@transaction.atomic
def end_role(*, membership_id: int, by: User) -> Membership:
    """End a role now. What the person wrote stays. Raises Forbidden; Invalid for the last administrator.

    An administrator ends anyone's role; everybody may give up a role of their own.
    """
    found = Membership.objects.filter(pk=membership_id).values_list("actor_id", flat=True).first()
    actor = lock(Actor.objects.filter(pk=found or 0))  # the actor first, as give_role does: one order for all
    membership = lock(Membership.objects.filter(pk=membership_id, until=None).select_related("user"))
    membership.actor = actor
    if not rules.can_end_role(fresh(by), membership):
        raise Forbidden(_("Du kan inte ta bort roller i %(actor)s.") % {"actor": actor})
    others = Membership.objects.filter(actor=actor, role=Role.ADMIN, until=None).exclude(pk=membership.pk)
    if membership.role == Role.ADMIN and not others.exists():
        raise Invalid(_("Någon måste vara administratör. Ge först rollen till en annan person."))
    membership.until, membership.ended_by = clock.now(), by
    membership.save(update_fields=["until", "ended_by"])
    record(by=by, verb="end_role", obj=membership, actor=actor, role=membership.role, person=membership.user.name)
    ring_after_commit(person_group(membership.user_id), "rights")
    return membership
