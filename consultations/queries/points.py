"""The region's list of points: filtered, in pages, a constant number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.core.paginator import Page, Paginator
from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, F, OuterRef, Prefetch, Q, QuerySet

from consultations.models import ChangeLink, ConsultationRound, Disposition, PlacedWording, Point, Stream
from consultations.queries.places import Labels
from consultations.states import ModerationState, ResponseState
from strategies.models import AnchorResolution, Version

PAGE = 50


@dataclass(frozen=True)
class PointFilter:
    """What the list shows. Empty strings mean no limit.

    ``status``: undecided | decided | changed (with a linked change) | unchanged (accommodated without one);
    ``stream``: one of Stream; nothing: consultees and dialogue meetings. What the public says is looked at by itself.
    ``about``: words | section | general; ``outcome``: one of AnchorOutcome, in the newest version after the round's.
    """

    status: str = ""
    decision: str = ""
    kind: str = ""
    section: str = ""
    actor: str = ""
    actor_kind: str = ""
    about: str = ""
    outcome: str = ""
    text: str = ""
    stream: str = ""


#: The points that are counted as the round's: those of consultees, and those noted at dialogue meetings.
OWN_STREAMS = (Stream.CONSULTEE, Stream.MEETING)


def submitted_points(round_: ConsultationRound, streams: Iterable[str] = OWN_STREAMS) -> QuerySet[Point]:
    """Every point that has been handed in, with what a row of the list shows. The public's only when asked for, and only
    those of answers that are published."""
    return (
        Point.objects.filter(
            ~Q(response__stream=Stream.PUBLIC) | Q(response__moderation__state=ModerationState.PUBLISHED),
            response__round=round_,
            response__state=ResponseState.SUBMITTED,
            response__stream__in=streams,
        )  # fmt: skip
        .select_related("response__actor", "section", "anchor", "said_by")
        .order_by("response__stream", "response__number", "number")
    )


def newest_version_after(round_: ConsultationRound) -> Version | None:
    """The latest version forked (in steps) from the round's own, the one where its points are shown again."""
    later = list(
        Version.objects.filter(strategy_id=round_.version.strategy_id, number__gt=round_.version.number).order_by(
            "-number"
        )
    )
    parents = {version.pk: version.forked_from_id for version in later}
    for version in later:
        current: int | None = version.pk
        while current in parents:
            current = parents[current]
        if current == round_.version_id:
            return version
    return None


def filtered(points: QuerySet[Point], chosen: PointFilter, newest: Version | None) -> QuerySet[Point]:
    """``points`` narrowed to what was chosen."""
    decided = Disposition.objects.filter(point=OuterRef("pk"), current=True)
    changed = ChangeLink.objects.standing().filter(point=OuterRef("pk"))
    if chosen.status == "undecided":
        points = points.filter(~Exists(decided))
    elif chosen.status == "decided":
        points = points.filter(Exists(decided))
    elif chosen.status == "changed":
        points = points.filter(Exists(changed))
    elif chosen.status == "unchanged":
        points = points.filter(Exists(decided.filter(decision__in=["accommodated", "partly"])), ~Exists(changed))
    if chosen.decision:
        points = points.filter(Exists(decided.filter(decision=chosen.decision)))
    if chosen.kind:
        points = points.filter(kind=chosen.kind)
    if chosen.section.isdigit():
        points = points.filter(section_id=int(chosen.section))
    if chosen.actor.isdigit():
        points = points.filter(response__actor_id=int(chosen.actor))
    if chosen.actor_kind:
        points = points.filter(response__actor__kind=chosen.actor_kind)
    if chosen.about in ABOUT:
        points = points.filter(ABOUT[chosen.about])
    if chosen.outcome and newest is not None:
        here = AnchorResolution.objects.filter(anchor=OuterRef("anchor"), version=newest, outcome=chosen.outcome)
        points = points.filter(Exists(here))
    return search(points, chosen.text)


ABOUT = {
    "words": Q(anchor__isnull=False),
    "section": Q(anchor__isnull=True, section__isnull=False),
    "general": Q(section__isnull=True),
}


def search(points: QuerySet[Point], text: str) -> QuerySet[Point]:
    """Swedish stemming, and the plain words too (the stemmer leaves forms like "länet" as they are)."""
    text = text.replace("\x00", "").strip()[:200]
    if not text:
        return points
    vector = SearchVector("text", "suggested_wording", config="swedish")
    plain = Q(text__icontains=text) | Q(suggested_wording__icontains=text) | Q(response__actor__name__icontains=text)
    return points.annotate(vector=vector).filter(
        Q(vector=SearchQuery(text, config="swedish", search_type="websearch")) | plain
    )


def page_of_points(
    round_: ConsultationRound, chosen: PointFilter, newest: Version | None, page: str | int = 1
) -> Page[Any]:
    """One page of the list; each point carries ``disposition`` (or None), ``links`` and ``resolution`` (or None)."""
    streams = (chosen.stream,) if chosen.stream else OWN_STREAMS
    points = filtered(submitted_points(round_, streams), chosen, newest).prefetch_related(
        Prefetch(
            "dispositions",
            Disposition.objects.filter(current=True).select_related("decided_by"),
            to_attr="current_dispositions",
        ),
        Prefetch(
            "change_links",
            ChangeLink.objects.standing().select_related("section"),
            to_attr="links",
        ),
        Prefetch(
            "placed",
            PlacedWording.objects.filter(ended_at=None).select_related("section").defer("section__doc"),
            to_attr="placed_now",
        ),
    )
    result: Page[Any] = Paginator(points, PAGE).get_page(page)
    attach_resolutions(list(result.object_list), newest)
    return result


def attach_resolutions(points: list[Any], newest: Version | None) -> None:
    """Set ``disposition`` and ``resolution`` on each point. One query."""
    anchors = [point.anchor_id for point in points if point.anchor_id]
    rows = (
        AnchorResolution.objects.filter(version=newest, anchor_id__in=anchors).select_related("section")
        if newest
        else []
    )
    found = {row.anchor_id: row for row in rows}
    for point in points:
        current = getattr(point, "current_dispositions", [])
        point.disposition = current[0] if current else None
        point.resolution = found.get(point.anchor_id)


def counts(round_: ConsultationRound, streams: Iterable[str] = OWN_STREAMS) -> dict[str, int]:
    """total, decided, undecided, and accommodated without a linked change (``unchanged``). One query."""
    decided = Disposition.objects.filter(point=OuterRef("pk"), current=True)
    changed = ChangeLink.objects.standing().filter(point=OuterRef("pk"))
    rows = submitted_points(round_, streams).order_by().select_related(None).annotate(
        is_decided=Exists(decided),
        lacks_change=Exists(decided.filter(decision__in=["accommodated", "partly"])) & ~Exists(changed),
    )  # fmt: skip
    result = rows.aggregate(
        total=Count("pk"),
        decided=Count("pk", filter=Q(is_decided=True)),
        unchanged=Count("pk", filter=Q(lacks_change=True)),
    )
    return {**result, "undecided": result["total"] - result["decided"]}


def choices_for(
    round_: ConsultationRound, labels: Labels, streams: Iterable[str] = OWN_STREAMS
) -> dict[str, list[tuple[int, str, int]]]:
    """For the filters: ``actors`` and ``sections`` (in reading order) that have points, as (id, name, number of points).

    Two queries.
    """
    base = submitted_points(round_, streams).order_by().select_related(None)
    actors = base.values_list("response__actor_id", "response__actor__name").annotate(n=Count("pk"))
    counted = base.filter(section__isnull=False).values_list("section__uuid", "section_id").annotate(n=Count("pk"))
    found = {str(uuid): (pk, n) for uuid, pk, n in counted}
    sections = [
        (found[uuid][0], f"{code} {title}".strip(), found[uuid][1])
        for uuid, (code, title) in labels.items()
        if uuid in found
    ]
    return {
        "actors": list(actors.order_by("response__actor__sort_key")),
        "sections": sections,
    }


def changes_caused(round_: ConsultationRound) -> QuerySet[ChangeLink]:
    """Because-of, the other way: every change that the round's points led to, with the point and its actor."""
    return (
        ChangeLink.objects.standing()
        .filter(point__response__round=round_, point__response__state=ResponseState.SUBMITTED)
        .select_related("point__response__actor", "section__version")
        .order_by("section__version__number", "section__position", "block_id", F("created_at"))
    )


def next_undecided(point: Point) -> Point | None:
    """The next point of the same stream, in reading order, that has no decision yet; from the start again at the end."""
    decided = Disposition.objects.filter(point=OuterRef("pk"), current=True)
    stream = point.response.stream
    streams = OWN_STREAMS if stream in OWN_STREAMS else (stream,)
    blank = submitted_points(point.response.round, streams).filter(~Exists(decided)).exclude(pk=point.pk)
    number = point.response.number
    after = Q(response__stream__gt=stream) | Q(
        Q(response__number__gt=number) | Q(response__number=number, number__gt=point.number), response__stream=stream
    )
    from_the_start = ExpressionWrapper(~after, output_field=BooleanField())
    return (
        blank.annotate(from_the_start=from_the_start)
        .order_by("from_the_start", "response__stream", "response__number", "number")
        .first()
    )


def same_words(point: Point) -> list[Point]:
    """Other points on words of the same passage: what else is asked of it, for or against. At most 20."""
    if point.anchor is None:
        return []
    touching = Q(
        anchor__section=point.anchor.section, anchor__start__lt=point.anchor.end, anchor__end__gt=point.anchor.start
    )
    rows = submitted_points(point.response.round, Stream).filter(touching).exclude(pk=point.pk)
    return list(rows[:20])
