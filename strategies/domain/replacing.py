"""Find and replace in a whole draft: every place is shown, those that were chosen are changed as anybody's writing is."""

import uuid as uuids
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from actors.domain.audit import record
from actors.models import User
from rus_platform.kit.errors import Conflict, Invalid
from strategies.domain import documents
from strategies.domain.checkpoints import keep_before
from strategies.domain.searching import LONGEST, Hit, Words, hits_in, replacement, steps_for
from strategies.domain.sections import lock_draft, rename_section
from strategies.domain.text import StaleVersion, commit_steps, doc_at
from strategies.models import CheckpointKind, Section, StepVia, Version
from strategies.queries.outline import OutlineNode, outline

MOST = 700  # places shown at once: a form of a thousand fields is the most that is taken


@dataclass
class Found:
    """A section with places. ``title_hits`` are in its heading."""

    node: OutlineNode
    hits: list[Hit] = field(default_factory=list)
    title_hits: list[Hit] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.hits) + len(self.title_hits)


@dataclass(frozen=True)
class Chosen:
    """Places of one section, by number, in its text after ``version`` steps; ``title``: the heading too, as of ``revision``."""

    section_id: int
    version: int
    numbers: frozenset[int]
    title: bool = False
    revision: int = 0


@dataclass
class Replaced:
    """``count`` places were changed, in ``sections`` sections; ``stale`` are those where somebody else wrote in between."""

    count: int = 0
    sections: int = 0
    stale: list[str] = field(default_factory=list)
    locked: list[str] = field(default_factory=list)


def find_words(version: Version, words: Words) -> list[Found]:
    """Every place in the draft, by section in reading order; ``MOST`` at most. As many queries as the outline takes."""
    found, total = [], 0
    for node in outline(version, with_text=True):
        here = Found(node, hits_in(node.section.doc, words), title_hits(node.title, words))
        if here.count and total < MOST:
            found.append(here)
            total += here.count
    return found


def title_hits(title: str, words: Words) -> list[Hit]:
    """Places in a heading, as if it were a text by itself."""
    doc = {"type": "doc", "content": [{"type": "paragraph", "content": [{"type": "text", "text": title}]}]}
    return hits_in(doc, words) if title else []


@transaction.atomic
def replace_words(
    *, version_id: int, by: User, words: Words, new: str, chosen: Iterable[Chosen], keep_capital: bool = True
) -> Replaced:
    """Put ``new`` in the chosen places. Each section is one change of its own in the history, and can be undone there.

    What somebody wrote in between is kept: a section whose places cannot be found again is left as it is and named.
    Forbidden, WrongState (frozen), Invalid (nothing to seek, nothing chosen, too long).
    """
    version = lock_draft(version_id, by)
    _check(words, new)
    wanted = {choice.section_id: choice for choice in chosen if choice.numbers or choice.title}
    if not wanted:
        raise Invalid(_("Välj minst ett ställe att byta."))
    done = Replaced()
    keep_before(version, CheckpointKind.REPLACE, by)
    for section in Section.objects.filter(pk__in=wanted, version=version, removed_at=None).order_by("pk"):
        if section.locked_at is not None:
            done.locked.append(section.title)
            continue
        count = _in_section(section, wanted[section.pk], words, new, keep_capital, by, done)
        done.count += count
        done.sections += bool(count)
    if done.count:
        record(
            by=by, verb="replace_words", obj=version, strategy_id=version.strategy_id, old=", ".join(words.words)[:200], new=new,
            count=done.count, sections=done.sections,
        )  # fmt: skip
    return done


def _check(words: Words, new: str) -> None:
    if not any(word.strip() for word in words.words):
        raise Invalid(_("Skriv vad du söker."), {"words": _("Skriv ett eller flera ord.")})
    if len(new) > 500 or any(len(word) > LONGEST for word in words.words):
        raise Invalid(_("Texten är för lång."), {"new": _("Högst 500 tecken.")})
    if any(letter < " " for letter in new):
        raise Invalid(_("Texten kan inte ha radbrytningar."), {"new": _("Skriv på en rad.")})


def _in_section(
    section: Section, choice: Chosen, words: Words, new: str, keep_capital: bool, by: User, done: Replaced
) -> int:
    count = _in_text(section, choice, words, new, keep_capital, by, done)
    if choice.title and (hits := title_hits(section.title, words)):
        try:
            title = _put(section.title, hits, new, keep_capital)
            with transaction.atomic():
                rename_section(section_id=section.pk, title=title, by=by, revision=choice.revision)
            count += len(hits)
        except (Conflict, Invalid):
            done.stale.append(section.title)
    return count


def _in_text(
    section: Section, choice: Chosen, words: Words, new: str, keep_capital: bool, by: User, done: Replaced
) -> int:
    if not choice.numbers or not 0 <= choice.version <= section.doc_version:
        if choice.numbers:
            done.stale.append(section.title)
        return 0
    doc = section.doc if choice.version == section.doc_version else doc_at(section, choice.version)
    hits = [hit for hit in hits_in(doc, words) if hit.n in choice.numbers]
    if not hits:
        return 0
    steps = steps_for(documents.read(doc), hits, new, keep_capital=keep_capital)
    try:
        commit_steps(
            section_id=section.pk, by=by, version=choice.version, batch_id=uuids.uuid4(), steps=steps, via=StepVia.FORM
        )
    except (StaleVersion, Invalid):
        done.stale.append(section.title)
        return 0
    return len(hits)


def _put(text: str, hits: list[Hit], new: str, keep_capital: bool) -> str:
    """``text`` with ``new`` in the places of ``hits``, whose positions count from 1."""
    units = text.encode("utf-16-le")
    for hit in reversed(hits):
        put = replacement(hit.found, new, keep_capital).encode("utf-16-le")
        units = units[: 2 * (hit.start - 1)] + put + units[2 * (hit.end - 1) :]
    return units.decode("utf-16-le")


def everything(found: Iterable[Found], skip: Mapping[int, frozenset[int]] | None = None) -> list[Chosen]:
    """Every place that was found, but for those in ``skip`` (section id -> numbers)."""
    skipped = skip or {}
    return [
        Chosen(
            here.node.section.pk, here.node.section.doc_version,
            frozenset(hit.n for hit in here.hits) - skipped.get(here.node.section.pk, frozenset()),
            bool(here.title_hits), here.node.section.revision,
        )
        for here in found
    ]  # fmt: skip
