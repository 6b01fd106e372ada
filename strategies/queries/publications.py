"""What has been published: files of versions, and how an adopted version came about."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils import timezone

from strategies.models import ConsultationOutcome, Decision, Publication, Strategy, Version
from strategies.states import PublicationState, TextStatus

PUBLIC = (TextStatus.ADOPTED, TextStatus.SUPERSEDED)


@dataclass(frozen=True)
class Fact:
    """Something that happened on the way. ``kind``: begun, frozen, opened, closed, settled, decided."""

    kind: str
    at: date | datetime
    version: Version
    outcome: ConsultationOutcome | None = None
    decision: Decision | None = None

    @property
    def day(self) -> date:
        return timezone.localdate(self.at) if isinstance(self.at, datetime) else self.at


def publications_of(version: Version) -> QuerySet[Publication]:
    """Every PDF of a version, newest first."""
    return version.publications.filter(format="pdf").select_related("requested_by")


def newest_pdf(version: Version) -> Publication | None:
    """The last file that was made."""
    return publications_of(version).filter(state=PublicationState.DONE).order_by("-finished_at").first()


def editions(strategy: Strategy) -> list[Version]:
    """Adopted versions, the one that holds first."""
    return list(strategy.versions.filter(status__in=PUBLIC).order_by("-adopted_on", "-number"))


def road_to(version: Version) -> list[Fact]:
    """From the first draft after the edition before, to the decision; four queries."""
    line = list(_line(version))
    ids = [row.pk for row in line]
    by_id = {row.pk: row for row in line}
    facts = [Fact("frozen", row.frozen_at, row) for row in line if row.frozen_at and row.status not in PUBLIC]
    if line:
        facts.append(Fact("begun", line[-1].created_at, line[-1]))
    facts += [
        Fact(row.event, row.at, by_id[row.version_id], outcome=row)
        for row in ConsultationOutcome.objects.filter(version_id__in=ids, public=True)
    ]
    facts += [
        Fact("decided", row.decided_on, by_id[row.case.version_id], decision=row)
        for row in Decision.objects.filter(case__version_id__in=ids)
        .select_related("case")
        .prefetch_related("reservations")
    ]
    if version.frozen_at and version.status in PUBLIC:
        facts.append(Fact("frozen", version.frozen_at, version))
    order = {"begun": 0, "frozen": 1, "opened": 2, "closed": 3, "settled": 4, "decided": 5}
    return sorted(facts, key=lambda fact: (fact.day, order[fact.kind], fact.at.isoformat()))


def _line(version: Version) -> Iterator[Version]:
    """The version and those it was forked from, until the edition before."""
    every = {row.pk: row for row in Version.objects.filter(strategy_id=version.strategy_id).defer("manifest")}
    row: Version | None = every.get(version.pk)
    while row is not None and (row.pk == version.pk or row.status not in PUBLIC):
        yield row
        row = every.get(row.forked_from_id) if row.forked_from_id else None
