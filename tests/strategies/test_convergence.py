"""Many people write at random in one section, with answers lost, sends repeated and long absences.

The clients do what the browser does (confirmed text, own unconfirmed steps, rebasing as prosemirror-collab), in Python, against
the real verb. In the end: every confirmed step is there once, in order; everybody's text is the server's; it is valid; and
every word that was typed and is not in the text has fallen away in a rebase where its surroundings were deleted.
"""

import random
import uuid
from itertools import groupby
from typing import Any

import pytest
from prosemirror.transform import Mapping

from rus_platform.kit.errors import Invalid
from strategies.domain import documents
from strategies.domain import steps as moves
from strategies.domain.text import StaleVersion, commit_steps, doc_at, plain
from strategies.models import Section, Step
from strategies.queries.text import steps_since
from tests.factories.texts import delete, insert, make_section

TEXT = "Första stycket om länet.\n\nAndra stycket om länet.\n\n- en punkt\n- en punkt till\n\nSista stycket. 😀 åäö é"


class Typist:
    """One browser: ``base`` is the confirmed text at ``version``, ``mine`` the steps on top of it."""

    def __init__(self, section: Section, person: Any, number: int, chance: random.Random) -> None:
        self.section, self.person, self.number, self.chance = section, person, number, chance
        self.base, self.version = documents.read(section.doc), section.doc_version
        self.mine: list[Any] = []
        self.batch: tuple[uuid.UUID, int] | None = None
        self.typed: list[str] = []
        self.dropped: list[str] = []
        self.restarts = 0

    @property
    def doc(self) -> Any:
        doc = self.base
        for step in self.mine:
            doc = moves.apply_step(doc, step)
        return doc

    def write(self) -> None:
        """A word, a deletion or a split, somewhere in the text as this person sees it."""
        doc = self.doc
        places = [(pos, pos + node.node_size) for node, pos in texts_of(doc)]
        if not places:
            return
        start, end = self.chance.choice(places)
        at, kind = self.chance.randint(start, end), self.chance.random()
        if kind < 0.75:
            self.typed.append(f"[{self.number}.{len(self.typed)}]")
            step = insert(at, self.typed[-1])
        elif kind < 0.9:
            step = delete(at, min(end, at + self.chance.randint(1, 6)))
        else:
            twin = {"type": "paragraph", "attrs": {"id": documents.new_id()}}
            block = doc.resolve(at)
            if block.depth != 1 or block.parent.type.name != "paragraph":
                return
            first = {"type": "paragraph", "attrs": dict(block.parent.attrs)}
            step = {
                "stepType": "replace",
                "from": at,
                "to": at,
                "slice": {"content": [first, twin], "openStart": 1, "openEnd": 1},
            }
        try:
            made = moves.read_step(step)
            moves.apply_steps(doc, [made])
        except Invalid:  # in the middle of an emoji, for instance: no browser makes such a step
            self.typed = self.typed[:-1] if kind < 0.75 else self.typed
            return
        self.mine.append(made)

    def exchange(self, *, answer_lost: bool = False) -> None:
        """What the browser does every now and then; the answer may get lost on the way."""
        if not self.mine:
            return self.fetch()
        if self.batch is None:
            self.batch = (uuid.uuid4(), len(self.mine))
        batch, count = self.batch
        steps = [step.to_json() for step in self.mine[:count]]
        try:
            done = commit_steps(
                section_id=self.section.pk, by=self.person, version=self.version, batch_id=batch, steps=steps
            )
        except StaleVersion:
            if not answer_lost:
                self.fetch()
            return
        if not answer_lost:
            self.take([(step.batch_id, step.step) for step in done.since])

    def fetch(self) -> None:
        self.take([(step.batch_id, step.step) for step in steps_since(self.section, self.version)])

    def take(self, steps: list[tuple[uuid.UUID, dict[str, Any]]]) -> None:
        """Runs of others' steps and of one's own, in turn. Not what was sent: begin again, as the browser does."""
        for own, run in groupby(steps, key=lambda each: bool(self.batch and each[0] == self.batch[0])):
            made = [moves.read_step(stored) for _, stored in run]
            if not own:
                self.rebase(made)
            elif self.batch and [step.to_json() for step in self.mine[: self.batch[1]]] == [
                step.to_json() for step in made
            ]:
                self.mine, self.batch = self.mine[len(made) :], None
            else:
                return self.start_over()
            for step in made:
                self.base = moves.apply_step(self.base, step)
            self.version += len(made)

    def start_over(self) -> None:
        """What was not confirmed is put on a card."""
        self.dropped += [str(step.to_json()) for step in self.mine]
        section = Section.objects.get(pk=self.section.pk)
        self.base, self.version, self.mine, self.batch = documents.read(section.doc), section.doc_version, [], None
        self.restarts += 1

    def rebase(self, others: list[Any]) -> None:
        """prosemirror-collab's ``rebaseSteps``: steps that do not fit any more fall away."""
        mapping = Mapping()
        for step in reversed(self.mine):
            mapping.append_map(step.get_map().invert())
        doc, kept, sent = self.base, [], 0
        for other in others:
            mapping.append_map(other.get_map())
            doc = moves.apply_step(doc, other)
        for index, step in enumerate(self.mine):
            back = len(self.mine) - index
            moved = step.map(mapping.slice(back))
            try:
                doc = moves.apply_step(doc, moved) if moved else doc
            except Invalid:
                moved = None
            if moved is None:
                self.dropped.append(str(step.to_json()))
                continue
            mapping.append_map(moved.get_map(), back - 1)
            kept.append(moved)
            sent += index < (self.batch[1] if self.batch else 0)
        self.mine = kept
        if self.batch:
            self.batch = (self.batch[0], sent) if sent else None


def texts_of(doc: Any) -> list[tuple[Any, int]]:
    found: list[tuple[Any, int]] = []
    doc.descendants(lambda node, pos, *_: found.append((node, pos)) if node.is_text else None)
    return found


@pytest.mark.parametrize("seed", range(12))
def test_everybody_ends_with_the_same_valid_text(world, seed: int) -> None:
    chance = random.Random(seed)
    section = make_section(world.draft, TEXT, by=world.leader)
    people = [world.leader, world.editor]
    typists = [Typist(section, people[number % 2], number, chance) for number in range(6)]
    for _ in range(120):
        one = chance.choice(typists[: chance.randint(1, 6)])  # some are away for long
        for _ in range(chance.randint(0, 3)):
            one.write()
        if chance.random() < 0.7:
            one.exchange(answer_lost=chance.random() < 0.25)
    for _ in range(6):
        for one in typists:
            one.exchange()
    section.refresh_from_db()
    assert [one.mine for one in typists] == [[]] * 6
    for one in typists:
        one.fetch()
        assert plain(one.doc) == section.doc
        assert one.version == section.doc_version
    documents.parse(section.doc)
    rows = list(Step.objects.filter(section=section).order_by("n"))
    assert [row.n for row in rows] == list(range(1, section.doc_version + 1))
    assert doc_at(section, section.doc_version) == section.doc
    everything = "".join(str(row.step) for row in rows) + "".join("".join(one.dropped) for one in typists)
    assert [word for one in typists for word in one.typed if word not in everything] == []
    assert section.doc_version > 60, "the scene has to be lively"
    assert sum(one.restarts for one in typists) <= 2, "beginning again is for the rarest of cases"
