"""The streams of a round's points, each with its number: what the public says is never mixed with what organisations say."""

from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import gettext as _

from consultations.models import ConsultationRound, Stream
from consultations.queries.points import OWN_STREAMS, submitted_points


@dataclass(frozen=True, slots=True)
class Tab:
    """A choice above the list. ``stream`` is empty for the round's own points: those of consultees and dialogue meetings."""

    stream: str
    label: str
    count: int


def streams_of(stream: str) -> tuple[str, ...]:
    """The streams that a choice shows."""
    return (stream,) if stream else tuple(OWN_STREAMS)


def tabs(round_: ConsultationRound) -> list[Tab]:
    """The choices that this round has, with the number of points in each. One query."""
    rows = submitted_points(round_, Stream).order_by().select_related(None)
    counted = dict(rows.values_list("response__stream").annotate(n=Count("pk")))
    own = sum(counted.get(stream, 0) for stream in OWN_STREAMS)
    found = [Tab("", _("Remissinstanser och dialogmöten"), own)]
    if counted.get(Stream.MEETING):
        found += [
            Tab(Stream.CONSULTEE, _("Bara remissinstanser"), counted.get(Stream.CONSULTEE, 0)),
            Tab(Stream.MEETING, _("Bara dialogmöten"), counted[Stream.MEETING]),
        ]
    else:
        found = [Tab("", _("Remissinstanser"), own)]
    if round_.open_to_public or counted.get(Stream.PUBLIC):
        found.append(Tab(Stream.PUBLIC, _("Allmänheten"), counted.get(Stream.PUBLIC, 0)))
    return found
