"""A point's suggested wording into the draft, as a suggestion or straight into the text, and back out again."""

from django.db import transaction
from django.utils.translation import gettext as _

from actors.domain.audit import record
from actors.models import User
from consultations.domain.dispositions import check_round, link_change, lock_point
from consultations.models import ChangeLink, PlacedWording, Point, WordingWay
from consultations.queries.points import attach_resolutions, newest_version_after
from consultations.queries.wordings import Plan, placed_of, plans_for, standing_of
from consultations.states import ResponseState
from rus_platform.kit import clock
from rus_platform.kit.errors import Conflict, Invalid, NotFound, WrongState
from rus_platform.kit.locking import lock
from strategies.domain import placing
from strategies.domain.placing import Placed


@transaction.atomic
def place_wording(*, point_id: int, by: User, way: str, seen: str) -> PlacedWording:
    """Put the wording that a point suggests in the place of the words it is about, and tie the change to the point.

    ``seen``: the fingerprint of the change as it was shown; nothing is put in that nobody has seen. The decision on the point
    is not made by it. Raises Forbidden, WrongState (the round is settled, no draft, the section is locked), Conflict (the
    words have changed, are gone, or somebody put it in first), Invalid.
    """
    point, round_ = lock_point(point_id)
    if point.response.state != ResponseState.SUBMITTED:
        raise NotFound(_("Synpunkten finns inte."))
    check_round(round_, by)
    if way not in WordingWay.values:
        raise Invalid(_("Välj hur lydelsen ska tas in."))
    before = placed_of(point)
    standing = standing_of(before)
    if standing is not None:
        if (standing.placed_by_id, standing.way) == (by.pk, way):
            return standing  # the same button pressed twice
        raise Conflict(_("%(who)s har redan tagit in lydelsen i utkastet.") % {"who": standing.placed_by.name})
    plan = _plan_now(point)
    if plan.seen != seen:
        raise Conflict(_("Orden i utkastet har ändrats sedan sidan visades. Se efter hur det ser ut nu."))
    assert plan.place is not None
    actor = point.response.actor.name
    put = placing.place_words(
        place=plan.place, by=by, words=point.suggested_wording, as_suggestion=way == WordingWay.SUGGESTION,
        because=_("%(actor)s, punkt %(n)s") % {"actor": actor[:160], "n": point.number}, because_url=f"/synpunkter/{point.pk}/",
    )  # fmt: skip
    for row in before:
        if row.ended_at is None:  # refused in the draft; it is put in once more
            _end(row, by)
    placed = _kept(point, put, by, way)
    record(
        by=by, verb="place_wording", obj=point, strategy_id=round_.version.strategy_id, way=way, section=str(put.section.uuid),
        block=put.block_id,
    )  # fmt: skip
    return placed


def _plan_now(point: Point) -> Plan:
    """What the wording changes in the draft as it is now; refused in words when that is not known for certain."""
    newest = newest_version_after(
        point.response.round
    )  # steps carry the words from where they were found to where they are
    attach_resolutions([point], newest)
    plan = plans_for([point], newest).get(point.pk)
    if plan is None:
        raise Invalid(_("Synpunkten har ingen föreslagen lydelse."))
    if plan.state == "no_draft":
        raise WrongState(_("Det finns inget utkast att ta in lydelsen i. Börja nästa utkast från samrådsversionen."))
    if plan.state == "same":
        raise Invalid(_("Det står redan så i utkastet."))
    if plan.state == "suggested":
        raise Conflict(_("Ett annat förslag i utkastet gäller samma ord. Avgör det först."))
    if not plan.ready:
        raise Conflict(
            _("Det går inte att säga säkert var orden är i utkastet. Säg var de är, eller skriv in lydelsen för hand.")
        )
    return plan


def _kept(point: Point, put: Placed, by: User, way: str) -> PlacedWording:
    link = link_change(
        point_id=point.pk, section_id=put.section.pk, by=by, block_id=put.block_id, before=put.before, after=put.after
    )
    return PlacedWording.objects.create(
        point=point, section=put.section, way=way, mark_id=put.mark_id, batch_id=put.batch_id, link=link, before=put.before,
        after=put.after, placed_at=clock.now(), placed_by=by,
    )  # fmt: skip


@transaction.atomic
def take_back_wording(*, placed_id: int, by: User) -> PlacedWording:
    """Undo it: the suggestion is withdrawn, or the text is as before; the tie to the change goes too.

    Raises Forbidden, WrongState (settled, locked), Conflict (somebody has written in the same words since).
    """
    point_id = PlacedWording.objects.filter(pk=placed_id).values_list("point_id", flat=True).first()
    _point, round_ = lock_point(point_id or 0)
    check_round(round_, by)
    row = lock(PlacedWording.objects.filter(pk=placed_id))
    if row.ended_at is not None:
        return row  # pressed twice
    placing.take_back_words(section_id=row.section_id, by=by, batch_id=row.batch_id, mark_id=row.mark_id)
    _end(row, by, taken_back=True)
    record(by=by, verb="take_back_wording", obj=row.point, strategy_id=round_.version.strategy_id, way=row.way)
    return row


def _end(row: PlacedWording, by: User, *, taken_back: bool = False) -> None:
    row.ended_at, row.ended_by, row.taken_back = clock.now(), by, taken_back
    row.save(update_fields=["ended_at", "ended_by", "taken_back"])
    ChangeLink.objects.filter(pk=row.link_id, removed_at=None).update(removed_at=row.ended_at, removed_by=by)
