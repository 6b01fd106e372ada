"""A new round made from an earlier one: the same letter, questions and list; the times anew."""

from django.db import transaction
from django.utils.translation import gettext as _

from actors.domain.audit import record
from actors.models import User
from actors.queries.roles import fresh
from consultations import rules
from consultations.domain import invitations, questions, rounds
from consultations.models import ConsultationRound
from rus_platform.kit.errors import Forbidden
from strategies.models import Section, Strategy


@transaction.atomic
def copy_round(*, round_id: int, version_id: int, title: str, by: User, kind: str | None = None) -> ConsultationRound:
    """Prepare a round on ``version_id`` as ``round_id`` was: letter, questions, list with its addresses, openness, reminders.

    Times are left out, and so is whoever is no longer in the strategy's register. A question of goals is asked of the goals
    that are still there. Raises Forbidden, WrongState, Invalid.
    """
    earlier = rounds.lock_round(round_id)
    if not rules.can_prepare(fresh(by), earlier):
        raise Forbidden(_("Bara regionens handläggare kan förbereda ett samråd."))
    copy = rounds.create_round(version_id=version_id, title=title, by=by, kind=kind or earlier.kind)
    if copy.version.strategy.owner_id != earlier.version.strategy.owner_id:
        raise Forbidden(_("Bara regionens handläggare kan förbereda ett samråd."))
    copy.copied_from = earlier
    same = ["cover_letter", "public_when", "accepts_late", "remind_days"]
    for name in same:
        setattr(copy, name, getattr(earlier, name))
    copy.save(update_fields=[*same, "copied_from"])
    _copy_questions(earlier, copy, by)
    _copy_list(earlier, copy, copy.version.strategy, by)
    record(by=by, verb="copy_round", obj=copy, strategy_id=copy.version.strategy_id, earlier=earlier.pk)
    return copy


def _copy_questions(earlier: ConsultationRound, copy: ConsultationRound, by: User) -> None:
    now = dict(Section.objects.filter(version=copy.version, removed_at=None).values_list("uuid", "pk"))
    done = set()
    rows = list(earlier.questions.select_related("section"))
    for row in rows:
        if row.series in done and row.series is not None:
            continue
        done.add(row.series)
        uuids = [other.section.uuid for other in rows if row.series and other.series == row.series and other.section]
        of = [now[uuid] for uuid in uuids if uuid in now]
        if of or not uuids:
            questions.add_question(round_id=copy.pk, by=by, text=row.text, kind=row.kind, choices=row.choices, of=of)


def _copy_list(earlier: ConsultationRound, copy: ConsultationRound, strategy: Strategy, by: User) -> None:
    registered = set(strategy.taking_part.values_list("actor_id", flat=True))
    wanted = dict(earlier.invitations.filter(actor_id__in=registered).values_list("actor_id", "email"))
    invitations.invite_actors(round_id=copy.pk, actor_ids=wanted, by=by, emails=wanted)
