"""A version as a document to publish: front matter, sections with today's codes, facts of goals. Plain data, no markup."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from rus_platform.kit import clock
from strategies.domain.diff import without_suggestions
from strategies.domain.paragraphs import paragraphs_in
from strategies.domain.versions import manifest_of
from strategies.models import ApprovalCase, DecisionOutcome, Framework, Image, Section, SectionKind, Version
from strategies.publishing.html import Picture
from strategies.queries.outline import Outline, OutlineNode, outline
from strategies.queries.reading import hues
from strategies.states import TextStatus

ALL_FROM = 4  # so many municipalities, when they are all, are named together
DECIDED = {
    DecisionOutcome.APPROVED: _lazy("tillstyrkte förslaget"),
    DecisionOutcome.ADOPTED: _lazy("antog strategin"),
    DecisionOutcome.REFERRED_BACK: _lazy("återremitterade ärendet"),
}
ADOPTED = (TextStatus.ADOPTED, TextStatus.SUPERSEDED)
NUMBERED = (TextStatus.CONSULTATION, TextStatus.SHARED)  # texts that people write about: every paragraph has its number


@dataclass(frozen=True)
class Tie:
    """What a goal is tied to: a global goal, a national area, an EU objective. ``color``: of the global goals only."""

    framework: str
    number: int
    name: str
    color: str = ""


@dataclass
class Part:
    """A section at its place. ``hue`` 1-8 for goals, their sub-goals and priorities, else 0."""

    uuid: str
    kind: str
    code: str
    title: str
    level: int
    doc: dict[str, Any] = field(default_factory=dict)
    target_year: int | None = None
    responsible: list[str] = field(default_factory=list)
    ties: list[Tie] = field(default_factory=list)
    parts: list["Part"] = field(default_factory=list)
    hue: int = 0

    @property
    def anchor(self) -> str:
        return f"avsnitt-{self.uuid}"

    @property
    def number(self) -> str:
        """The code without its word: "2" of "Mål 2", "4" of "P4"."""
        return re.sub(r"^\D+", "", self.code) or self.code

    @property
    def subgoals(self) -> list["Part"]:
        return [part for part in self.parts if part.kind == SectionKind.SUBGOAL]

    @property
    def global_goals(self) -> list[Tie]:
        return [tie for tie in self.ties if tie.framework == Framework.SDG]

    @property
    def other_ties(self) -> list[Tie]:
        return [tie for tie in self.ties if tie.framework != Framework.SDG]

    def letters(self) -> int:
        """About how much text there is here and below."""
        return count_letters(self.doc) + sum(part.letters() for part in self.parts)

    def walk(self) -> Iterator["Part"]:
        """This and everything below, in reading order."""
        yield self
        for part in self.parts:
            yield from part.walk()


@dataclass(frozen=True)
class Resolution:
    """What a body decided, for the colophon. ``opinions``: "Reservation: (V)"."""

    body: str
    outcome: str
    on: date
    paragraph: str
    opinions: tuple[str, ...] = ()


@dataclass
class Book:
    """Everything that is printed. ``sha256``: of the version's text. ``made_at``: what the file gives as its date.

    ``pictures``: uuid -> (width, height); ``read_picture`` opens one. ``numbers``: uuid of a part -> block id -> the number
    of its paragraph, in the margin (``strategies.domain.paragraphs``).
    """

    title: str
    region: str
    counties: list[str]
    status: str
    status_label: str
    version_label: str
    number: int
    sha256: str
    made_at: datetime
    parts: list[Part]
    case_number: str = ""
    contact: str = ""
    adopted_on: date | None = None
    resolutions: list[Resolution] = field(default_factory=list)
    pictures: dict[str, tuple[int, int]] = field(default_factory=dict)
    read_picture: Callable[[str], bytes | None] = lambda uuid: None
    numbers: dict[str, dict[str, int]] = field(default_factory=dict)

    @property
    def adopted(self) -> bool:
        return self.status in ADOPTED

    @property
    def adoption(self) -> Resolution | None:
        """The decision that adopted it."""
        return self.resolutions[-1] if self.adopted and self.resolutions else None

    @property
    def standing(self) -> str:
        """The status of the text in words that stand on every page; empty when it is adopted."""
        if self.adopted:
            return ""
        return _("%(version)s – inte antagen") % {"version": self.version_label}

    def walk(self) -> Iterator[Part]:
        """Every part in reading order."""
        for part in self.parts:
            yield from part.walk()

    @property
    def refs(self) -> dict[str, tuple[str, str]]:
        return {part.uuid: (part.code, part.title) for part in self.walk()}

    def picture(self, uuid: str) -> Picture | None:
        """Where the print finds a picture (``assets.LocalAssets``)."""
        return Picture(f"picture:{uuid}", *self.pictures[uuid]) if uuid in self.pictures else None

    def letters(self) -> int:
        return sum(part.letters() for part in self.parts)


def count_letters(node: dict[str, Any]) -> int:
    """Letters of text in a document node."""
    return len(node.get("text", "")) + sum(count_letters(child) for child in node.get("content") or [])


def book_of(version: Version) -> Book:
    """Read a version, whatever its status; eleven queries however long it is, pictures are read as they are needed."""
    strategy = version.strategy
    tree = outline(version, with_text=True)
    case = ApprovalCase.objects.filter(version=version).prefetch_related("decisions__reservations").first()
    municipalities = strategy.actors.filter(kind="municipality").count()
    colours = hues(tree)
    images = {str(image.uuid): image for image in Image.objects.filter(strategy_id=strategy.pk)}
    status = TextStatus.ADOPTED if version.status in ADOPTED else TextStatus(version.status)
    return Book(
        title=strategy.title,
        region=strategy.owner.name,
        counties=[county.name for county in strategy.counties.all()],
        status=status,
        status_label=str(status.label),
        version_label=version.label,
        number=version.number,
        sha256=text_sha256(version),
        made_at=made_at(version),
        parts=[_part(node, colours, municipalities) for node in tree.roots],
        case_number=(case.case_number if case else "") or strategy.case_number,
        contact=strategy.contact,
        adopted_on=version.adopted_on,
        resolutions=resolutions(case),
        pictures={uuid: (image.width, image.height) for uuid, image in images.items()},
        read_picture=lambda uuid: _bytes_of(images.get(uuid)),
        numbers=_numbers(tree) if version.status in NUMBERED else {},
    )


def _numbers(tree: Outline) -> dict[str, dict[str, int]]:
    found = paragraphs_in(tree)
    return {node.uuid: found.numbers(node.uuid) for node in tree}


def text_sha256(version: Version) -> str:
    """The fingerprint of the text; of a draft, as it is now."""
    return version.sha256 or str(manifest_of(version)["sha256"])


def made_at(version: Version) -> datetime:
    """When the text became what it is, so that the same text gives the same file."""
    return timezone.localtime(version.frozen_at or clock.now()).replace(microsecond=0)


def resolutions(case: ApprovalCase | None) -> list[Resolution]:
    """What the bodies decided, in order."""
    return [
        Resolution(
            row.get_body_display(),
            str(DECIDED[row.outcome]),
            row.decided_on,
            row.paragraph,
            tuple(f"{opinion.get_kind_display()}: {opinion.by_whom}" for opinion in row.reservations.all()),
        )
        for row in (case.decisions.all() if case else [])
    ]


def _part(node: OutlineNode, colours: dict[str, int], municipalities: int) -> Part:
    section = node.section
    return Part(
        uuid=node.uuid,
        kind=section.kind,
        code=node.code,
        title=section.title,
        level=node.level,
        doc=without_suggestions(section.doc),
        target_year=section.target_year,
        responsible=named(section, municipalities),
        ties=[Tie(item.framework, item.number, item.name_sv, item.color) for item in section.policy_items.all()],
        parts=[_part(child, colours, municipalities) for child in node.children],
        hue=colours.get(node.uuid, 0),
    )


def named(section: Section, municipalities: int) -> list[str]:
    """Who answers for a goal: the region and others first; all municipalities of the register as one."""
    actors = list(section.responsible.all())
    others = [actor.name for actor in actors if actor.kind != "municipality"]
    ours = [actor.name for actor in actors if actor.kind == "municipality"]
    if len(ours) >= ALL_FROM and len(ours) == municipalities:
        return [*others, _("länets alla %(n)s kommuner") % {"n": len(ours)}]
    return [*others, *ours]


def in_words(names: Sequence[str]) -> str:
    """ "A, B och C" """
    if len(names) < 2:
        return "".join(names)
    return _("%(first)s och %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}


def _bytes_of(image: Image | None) -> bytes | None:
    if image is None:
        return None
    with image.file.open("rb") as file:
        return bytes(file.read())
