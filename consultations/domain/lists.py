"""Distribution lists that a region keeps by name: saved from a round, used in another, brought up to date."""

from django.db import transaction
from django.utils.translation import gettext as _

from actors.domain.audit import record
from actors.domain.register import checked_name
from actors.models import User
from actors.queries.roles import fresh
from consultations import rules
from consultations.domain import invitations
from consultations.domain.rounds import lock_round
from consultations.models import ConsultationRound, DistributionList, Invitation, ListedContact
from rus_platform.kit import clock
from rus_platform.kit.errors import Conflict, Forbidden, Invalid
from rus_platform.kit.locking import lock, take_turns
from strategies.domain.register import add_known_to_register


def _prepared(round_id: int, by: User) -> ConsultationRound:
    round_ = lock_round(round_id)
    if not rules.can_prepare(fresh(by), round_):
        raise Forbidden(_("Bara regionens handläggare kan ändra sändlistan."))
    return round_


def _own(list_id: int, round_: ConsultationRound) -> DistributionList:
    """A list of the round's own region, locked."""
    return lock(DistributionList.objects.filter(pk=list_id, owner=round_.version.strategy.owner_id))


@transaction.atomic
def save_list(*, round_id: int, name: str, by: User, list_id: int | None = None) -> DistributionList:
    """Keep the round's list under a name; with ``list_id`` the saved one is brought up to date instead.

    Raises Forbidden, Invalid (``name``; nobody on the list), Conflict (the name is taken).
    """
    round_ = _prepared(round_id, by)
    owner, now = round_.version.strategy.owner, clock.now()
    rows = list(round_.invitations.select_related("actor"))
    if not rows:
        raise Invalid(_("Sändlistan är tom. Lägg till dem som ska svara."))
    if list_id is None:
        name = checked_name(name, 120)
        take_turns("save_list")
        if DistributionList.objects.filter(owner=owner, name__iexact=name).exists():
            raise Conflict(
                _("Det finns redan en lista som heter ”%(name)s”. Uppdatera den, eller välj ett annat namn.")
                % {"name": name}
            )
        kept = DistributionList.objects.create(
            owner=owner, name=name, created_at=now, created_by=by, updated_at=now, updated_by=by
        )
    else:
        kept = _own(list_id, round_)
        kept.updated_at, kept.updated_by = now, by
        kept.save(update_fields=["updated_at", "updated_by"])
        kept.contacts.all().delete()
    ListedContact.objects.bulk_create(_contact(kept, row) for row in rows)
    record(by=by, verb="save_list", obj=kept, strategy_id=round_.version.strategy_id, contacts=len(rows))
    return kept


def _contact(kept: DistributionList, row: Invitation) -> ListedContact:
    """An address of its own only where it differs from the organisation's mailbox, which may change meanwhile."""
    return ListedContact(list=kept, actor_id=row.actor_id, email="" if row.email == row.actor.email else row.email)


@transaction.atomic
def use_list(*, round_id: int, list_id: int, by: User) -> list[Invitation]:
    """Put everyone of a saved list on the round's; those already there stay. Returns the new ones.

    Whoever is not in the strategy's register is taken into it. Raises Forbidden, NotFound, WrongState.
    """
    round_ = _prepared(round_id, by)
    kept = _own(list_id, round_)
    emails = dict(kept.contacts.values_list("actor_id", "email"))
    strategy = round_.version.strategy
    registered = set(strategy.taking_part.filter(actor__in=emails).values_list("actor_id", flat=True))
    for actor_id in sorted(set(emails) - registered):
        add_known_to_register(strategy_id=strategy.pk, by=by, actor_id=actor_id)
    wanted = set(emails) - {strategy.owner_id}
    made = invitations.invite_actors(round_id=round_.pk, actor_ids=wanted, by=by, emails=emails)
    record(by=by, verb="use_list", obj=round_, strategy_id=strategy.pk, name=kept.name, added=len(made))
    return made


@transaction.atomic
def remove_list(*, round_id: int, list_id: int, by: User) -> None:
    """Forget a saved list. Rounds that used it keep theirs."""
    round_ = _prepared(round_id, by)
    kept = _own(list_id, round_)
    record(by=by, verb="remove_list", obj=kept, strategy_id=round_.version.strategy_id)
    kept.contacts.all().delete()
    kept.delete()
