"""Where a strategy is on its way: draft, consultation, handling of the views, decision, adopted. Plain facts, no sentences."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from strategies.models import ApprovalCase, Body, ConsultationOutcome, Version
from strategies.states import TextStatus


class Stage(TextChoices):
    DRAFT = "draft", _("Utkast")
    CONSULTATION = "consultation", pgettext_lazy("skede", "Samråd")
    HANDLING = "handling", _("Bemötande")
    DECISION = "decision", _("Beslut")
    ADOPTED = "adopted", _("Antagen")


@dataclass
class Process:
    """``now``: the stage that work is in. ``round``: events of the latest round (opened, closed, settled) on ``consulted``."""

    now: Stage
    draft: Version | None = None
    consulted: Version | None = None
    round: dict[str, ConsultationOutcome] = field(default_factory=dict)
    case: ApprovalCase | None = None
    adopted: Version | None = None

    def state_of(self, stage: Stage) -> str:
        """done, current or todo. A stage that was skipped on the way is not called done."""
        order = list(Stage)
        if self.now == Stage.ADOPTED or order.index(stage) < order.index(self.now):
            skipped = (
                stage in (Stage.CONSULTATION, Stage.HANDLING) and self.consulted is None and self.now != Stage.ADOPTED
            )
            return "skipped" if skipped else "done"
        return "current" if stage == self.now else "todo"

    def when(self, stage: Stage) -> date | datetime | None:
        """When a stage that is over was over."""
        event = {Stage.CONSULTATION: "closed", Stage.HANDLING: "settled"}.get(stage)
        if event:
            return self.round[event].at if event in self.round else None
        if stage == Stage.DRAFT:
            return self.consulted.frozen_at if self.consulted else None
        return self.adopted.adopted_on if self.adopted and self.now == Stage.ADOPTED else None


def process_of(
    versions: Sequence[Version], outcomes: Sequence[ConsultationOutcome], cases: Sequence[ApprovalCase]
) -> Process:
    """The stage of the edition that is being made: what has happened since the last one that was adopted."""
    ordered = sorted(versions, key=lambda row: row.number)
    adopted = next((row for row in reversed(ordered) if row.status == TextStatus.ADOPTED), None)
    edition = [row for row in ordered if adopted is None or row.number > adopted.number]
    if not edition and adopted:
        edition = [row for row in ordered if row.number <= adopted.number]
    draft = next((row for row in edition if row.status == TextStatus.WORKING), None)
    consulted = next((row for row in reversed(edition) if row.status == TextStatus.CONSULTATION), None)
    numbers = {row.pk for row in edition}
    case = next(
        (row for row in sorted(cases, key=lambda row: row.submitted_at, reverse=True) if row.version_id in numbers),
        None,
    )
    rounds = [row for row in outcomes if consulted and row.version_id == consulted.pk]
    latest = rounds[-1].round_key if rounds else ""
    found = Process(
        Stage.DRAFT, draft, consulted, {row.event: row for row in rounds if row.round_key == latest}, case, adopted
    )
    found.now = _stage(found, bool(adopted and edition[-1].pk == adopted.pk))
    return found


def _stage(found: Process, finished: bool) -> Stage:
    if finished:
        return Stage.ADOPTED
    if found.case and found.case.state in Body.values:
        return Stage.DECISION
    if found.consulted is None or found.consulted.number < (found.case.version.number if found.case else 0):
        return Stage.DRAFT  # before any consultation, or again after having been referred back
    if "closed" not in found.round:
        return Stage.CONSULTATION
    return Stage.DECISION if "settled" in found.round else Stage.HANDLING
