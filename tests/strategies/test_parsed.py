"""Texts that a process remembers: never another than the database's, and read from it no more than needed."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from strategies.domain import documents, parsed
from strategies.domain.text import replace_text
from strategies.models import Section, StepVia
from tests.factories.texts import delete, insert, make_section, write

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def section(world: SimpleNamespace) -> Section:
    return make_section(world.draft, "Första stycket.\n\nAndra stycket.", by=world.leader)


def fresh(section: Section) -> Section:
    return Section.objects.defer("doc").get(pk=section.pk)


def asked(section: Section) -> tuple[Any, list[str]]:
    """The text, and the questions it took."""
    row = fresh(section)
    with CaptureQueriesContext(connection) as queries:
        node = parsed.current(row)
    return node, [query["sql"] for query in queries]


def test_what_was_just_written_is_read_from_memory(section: Section, world: SimpleNamespace) -> None:
    write(section, world.leader, insert(1, "Nytt: "))
    node, questions = asked(section)
    assert questions == []
    assert documents.canonical(node) == documents.canonical(Section.objects.get(pk=section.pk).doc)


def test_what_another_process_wrote_is_caught_up_by_its_steps(section: Section, world: SimpleNamespace) -> None:
    write(section, world.leader, insert(1, "Nytt: "))
    mine = parsed._shelf.get(section.pk)
    for step in (insert(1, "a"), delete(1, 3), insert(4, "😀")):
        write(section, world.editor, step)
    parsed._shelf.keep(section.pk, mine)  # as a process that has heard nothing of it
    node, questions = asked(section)
    assert len(questions) == 1
    assert "strategies_step" in questions[0]
    assert documents.canonical(node) == documents.canonical(Section.objects.get(pk=section.pk).doc)


def test_a_commit_that_is_rolled_back_is_forgotten(section: Section, world: SimpleNamespace) -> None:
    with transaction.atomic():
        write(section, world.leader, insert(1, "Aldrig. "))
        transaction.set_rollback(True)
    write(section, world.editor, insert(1, "Alltid. "))
    node, _ = asked(section)
    assert documents.plain_text(node.to_json()) == "Alltid. Första stycket.\nAndra stycket."


def test_a_text_whose_steps_do_not_join_is_read_whole(section: Section, world: SimpleNamespace) -> None:
    write(section, world.leader, insert(1, "Nytt: "))
    known = parsed._shelf.get(section.pk)
    parsed._shelf.keep(section.pk, known._replace(at=known.at.replace(year=2000)))  # of another past
    write(section, world.leader, insert(1, "x"))
    parsed._shelf.keep(section.pk, known._replace(at=known.at.replace(year=2000)))
    node, questions = asked(section)
    assert len(questions) == 2
    assert documents.plain_text(node.to_json()) == "xNytt: Första stycket.\nAndra stycket."


def test_what_is_stored_is_the_text_also_when_only_a_piece_was_written_anew(
    section: Section, world: SimpleNamespace
) -> None:
    for step in (insert(1, 'Citat " och \\ och \u2028 '), insert(1, "åäö é 😀"), delete(2, 5)):
        write(section, world.leader, step)
    stored = Section.objects.get(pk=section.pk).doc
    assert stored == documents.read(stored).to_json()
    replace_text(section_id=section.pk, by=world.leader, doc={"type": "doc", "content": []}, via=StepVia.IMPORT)
    assert Section.objects.get(pk=section.pk).doc == {"type": "doc", "content": []}
