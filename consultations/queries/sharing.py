"""Who has taken on what in a response, and whose share one answers for."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from actors.models import User
from consultations.models import Assignment, Question, Response, StandIn
from rus_platform.kit import clock
from strategies.queries.outline import Outline, OutlineNode

Shares = dict[str, Assignment]


def key_of(*, section_id: int | None = None, question_id: int | None = None) -> str:
    """The name of a part: "s12", "q3", or "summary" for the answer in short."""
    return f"s{section_id}" if section_id else f"q{question_id}" if question_id else "summary"


def shares_of(response: Response) -> Shares:
    """Part -> who has it. One query."""
    rows = response.assignments.select_related("person", "section", "question")
    return {key_of(section_id=row.section_id, question_id=row.question_id): row for row in rows}


def stand_ins_of(actor_id: int) -> QuerySet[StandIn]:
    """Those who stand in now, with names."""
    rows = StandIn.objects.filter(Q(until=None) | Q(until__gte=clock.today()), actor_id=actor_id, ended_at=None)
    return rows.select_related("person", "stand_in").order_by("person__name")


def answers_for(user: User, stand_ins: Iterable[StandIn]) -> set[int]:
    """Ids of the people whose share is ``user``'s now: her own, and that of those she stands in for."""
    return {user.pk} | {row.person_id for row in stand_ins if row.stand_in_id == user.pk}


@dataclass(frozen=True)
class Holders:
    """Who has each part, seen by one person: what is given away with a chapter goes for all that stands below it, unless it
    has been given to somebody by itself. ``mine``: those whose share is hers now (``answers_for``)."""

    sections: dict[int, Assignment]
    questions: dict[int, Assignment]
    summary: Assignment | None
    mine: frozenset[int]

    def of_section(self, section_id: int | None) -> Assignment | None:
        return self.sections.get(section_id or 0)

    def of_question(self, question: Question) -> Assignment | None:
        """A question that is asked of a goal goes with the goal."""
        return self.questions.get(question.pk) or self.of_section(question.section_id)

    def is_mine(self, share: Assignment | None) -> bool:
        return share is not None and share.person_id in self.mine

    @property
    def any(self) -> bool:
        """Whether anything has been shared out."""
        return bool(self.sections or self.questions or self.summary)


def holders_of(shares: Shares, tree: Outline, mine: Iterable[int]) -> Holders:
    """``Holders`` for shares and the version's outline. No queries."""
    sections: dict[int, Assignment] = {}

    def spread(node: OutlineNode, above: Assignment | None) -> None:
        own = shares.get(key_of(section_id=node.section.pk)) or above
        if own is not None:
            sections[node.section.pk] = own
        for child in node.children:
            spread(child, own)

    for root in tree.roots:
        spread(root, None)
    questions = {row.question_id: row for row in shares.values() if row.question_id is not None}
    return Holders(sections, questions, shares.get("summary"), frozenset(mine))


@dataclass
class Written:
    """How far one person has come. ``parts`` given, ``done`` said to be done; of all positions, answers and the answer in
    short among them (``total``) so many are ``written``. ``stand_in``: who answers for it now."""

    person: User
    parts: int = 0
    done: int = 0
    total: int = 0
    written: int = 0
    stand_in: StandIn | None = None


def written_by_person(
    shares: Shares, wanted: Iterable[tuple[Assignment | None, bool]], stand_ins: Iterable[StandIn]
) -> list[Written]:
    """Person by person. ``wanted``: for everything that can be written, who has it and whether it is written."""
    away = {row.person_id: row for row in stand_ins}
    found: dict[int, Written] = {}
    for share in shares.values():
        row = found.setdefault(share.person_id, Written(share.person, stand_in=away.get(share.person_id)))
        row.parts += 1
        row.done += share.done_at is not None
    for holder, is_written in wanted:
        if holder is not None:
            found[holder.person_id].total += 1
            found[holder.person_id].written += is_written
    return sorted(found.values(), key=lambda row: row.person.name)
