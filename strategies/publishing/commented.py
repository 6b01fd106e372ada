"""Threads as pages show them: beside their words, with who is named made visible."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from actors.models import User
from strategies import rules
from strategies.domain.mentions import names_of, split
from strategies.domain.passages import spans
from strategies.domain.standing import Standing, standing_of
from strategies.models import AnchorOutcome, Comment, Remark, Section, Version
from strategies.queries.comments import people_of, threads
from strategies.states import CommentState


@dataclass
class Said:
    """A remark; ``pieces``: (words, whether they name somebody)."""

    remark: Remark
    pieces: list[tuple[str, bool]]
    is_own: bool


@dataclass
class Thread:
    """A comment as a card. ``standing`` is None when it is not about words."""

    comment: Comment
    said: list[Said]
    standing: Standing | None
    may_settle: bool
    place: str = ""
    here: str = ""  # uuid of the section that it is shown at now
    is_there: bool = False  # that section is in the draft

    @property
    def is_lost(self) -> bool:
        """Its words are gone, or may be in several places."""
        return self.standing is not None and self.standing.is_lost

    @property
    def outcome_label(self) -> str:
        """What has become of the words, in words."""
        return str(AnchorOutcome(self.standing.outcome).label) if self.standing else ""

    @property
    def is_open(self) -> bool:
        """Not resolved."""
        return self.comment.state == CommentState.OPEN


@dataclass
class Margin:
    """What stands beside a text: ``threads`` with a place in it, then ``lost`` ones, and how many are resolved."""

    threads: list[Thread] = field(default_factory=list)
    lost: list[Thread] = field(default_factory=list)
    resolved: int = 0
    marks: list[dict[str, Any]] = field(default_factory=list)
    people: list[User] = field(default_factory=list)


def cards(rows: Iterable[Comment], version: Version | None, user: User, people: Sequence[User]) -> list[Thread]:
    """Threads of ``rows`` (from ``queries.comments.threads``) as they stand in ``version``."""
    comments = list(rows)
    anchors = [row.anchor for row in comments if row.anchor is not None]
    standing = standing_of(version, anchors) if version is not None and anchors else {}
    names = names_of(people)
    drafter = rules.can_edit(user, version.strategy) if version is not None else False
    return [_card(row, standing.get(row.anchor_id or 0), user, names, drafter) for row in comments]


def _card(row: Comment, standing: Standing | None, user: User, names: dict[str, User], drafter: bool) -> Thread:
    said = [
        Said(
            one, [(words, person is not None) for words, person in split(one.text, names)], one.created_by_id == user.pk
        )
        for one in row.said  # type: ignore[attr-defined]
    ]
    may_settle = drafter or user.pk in (row.created_by_id, row.assignee_id)
    section = standing.section if standing and standing.section else row.section
    return Thread(row, said, standing, may_settle, here=str(section.uuid) if section else "")


def margin_of(version: Version, user: User, *, section: Section | None = None, with_resolved: bool = False) -> Margin:
    """Beside one section, or beside the whole draft. A constant number of queries."""
    people = people_of(version.strategy)
    rows = threads(version.strategy)
    found = Margin(people=people)
    for one in cards(rows, version, user, people):
        if section is not None and one.here != str(section.uuid):
            continue
        if not one.is_open:
            found.resolved += 1
            if not with_resolved:
                continue
        (found.lost if one.is_lost else found.threads).append(one)
    found.threads.sort(key=lambda one: (one.standing.start or 0) if one.standing else -1)
    found.marks = _marks(version, found.threads)
    return found


def _marks(version: Version, shown: Sequence[Thread]) -> list[dict[str, Any]]:
    """[{id, section, start, end, version, outcome, state, quote, spans}] of the threads about words."""
    placed = [(one, one.standing) for one in shown if one.standing and one.standing.section]
    ids = {where.section.pk for _one, where in placed if where.section}
    docs = dict(version.sections.filter(pk__in=ids).values_list("pk", "doc")) if ids else {}
    return [
        {
            "id": one.comment.pk, "section": one.here, "start": where.start, "end": where.end, "version": where.doc_version,
            "outcome": where.outcome, "state": one.comment.state, "quote": where.text,
            "spans": spans(docs[where.section.pk], where.start, where.end),
        }
        for one, where in placed
        if where.section and where.start is not None and where.end is not None and where.section.pk in docs
    ]  # fmt: skip
