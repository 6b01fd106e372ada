"""Paragraph numbers: the same place by code and number, on screen, in print and in a form."""

import pytest

from strategies.domain import markup, paragraphs, text
from strategies.domain.sections import add_section
from strategies.domain.versions import fork_version, freeze_version
from strategies.models import Section, StepVia
from strategies.publishing.html import render_doc
from strategies.publishing.reading import read_sections
from strategies.queries.outline import outline

pytestmark = pytest.mark.django_db

TEXT = "## Rubrik\n\nFörsta stycket.\n\n- en\n- två\n\n> Citat i\n>\n> två delar.\n\nSista^[En not.] stycket."


def put(section, by, words):
    text.replace_text(section_id=section.pk, by=by, doc=markup.to_doc(words), via=StepVia.IMPORT)


@pytest.fixture
def numbered(world):
    """A goal with a text below it and a sub-goal, and what is numbered in it."""
    by = world.editor
    goal = add_section(version_id=world.draft.pk, kind="goal", title="Mål ett", by=by)
    below = add_section(version_id=world.draft.pk, kind="text", title="Varför", parent_id=goal.pk, by=by)
    sub = add_section(version_id=world.draft.pk, kind="subgoal", title="Delmål", parent_id=goal.pk, by=by)
    put(goal, by, TEXT)
    put(below, by, "Under målet.\n\nOch mer.")
    put(sub, by, "Delmålets text.")
    return goal, below, sub


def test_paragraphs_items_quotations_count_and_headings_do_not(world, numbered):
    goal, _below, _sub = numbered
    rows = paragraphs.paragraphs_of(world.draft).in_section(goal.uuid)
    assert [(row.number, row.kind) for row in rows] == [
        (1, "paragraph"), (2, "list_item"), (3, "list_item"), (4, "blockquote"), (5, "paragraph"),
    ]  # fmt: skip
    assert [row.text for row in rows][:3] == ["Första stycket.", "en", "två"]
    assert rows[0].label == "Mål 1 stycke 1"


def test_a_text_without_code_goes_on_counting(world, numbered):
    _goal, below, sub = numbered
    found = paragraphs.paragraphs_of(world.draft)
    assert [row.label for row in found.in_section(below.uuid)] == ["Mål 1 stycke 6", "Mål 1 stycke 7"]
    assert [row.label for row in found.in_section(sub.uuid)] == ["Delmål 1.1 stycke 1"]
    assert len({(row.code, row.number) for row in found}) == len(found)


def test_what_people_write_leads_to_the_paragraph(world, numbered):
    _goal, below, sub = numbered
    found = paragraphs.paragraphs_of(world.draft)
    last = found.in_section(below.uuid)[-1]
    for words in ("Mål 1 stycke 7", "mål 1, st. 7", "Mål 1:7", " Mål 1  stycke 7 och mer"):
        assert found.referred(words) == last, words
    assert found.referred("1.1 stycke 1") == found.in_section(sub.uuid)[0]  # no other section is "1.1"
    assert found.named("Delmål 1.1", 1) == found.in_section(sub.uuid)[0]
    for words in ("Mål 9 stycke 1", "Mål 1 stycke 99", "stycke 4", "hej", ""):
        assert found.referred(words) is None, words


def test_a_block_inside_leads_to_its_paragraph(world, numbered):
    goal, _below, _sub = numbered
    found = paragraphs.paragraphs_of(world.draft)
    quotation = found.in_section(goal.uuid)[3]
    assert [found.of_block(goal.uuid, block) for block in quotation.inner] == [quotation] * len(quotation.inner)
    assert found.of_block(goal.uuid, "nowhere") is None


def test_numbers_are_shown_on_the_page_and_stay_when_the_next_draft_changes(world, numbered):
    goal, *_ = numbered
    version = freeze_version(version_id=world.draft.pk, by=world.leader, label="Samrådsversion")
    frozen = outline(version).node(str(goal.uuid)).section
    before = paragraphs.paragraphs_of(version)
    fork = fork_version(version_id=version.pk, by=world.leader)
    put(Section.objects.get(version=fork, uuid=goal.uuid), world.editor, "Nytt först.\n\n" + TEXT)
    assert paragraphs.paragraphs_of(version) == before
    sections, _notes = read_sections(version, numbered=True)
    html = next(row.html for row in sections if row.pk == frozen.pk)
    assert [f'data-n="{n}"' in html for n in range(1, 7)] == [True] * 5 + [False]
    assert "data-n" not in next(row.html for row in read_sections(version)[0] if row.pk == frozen.pk)


def test_a_table_carries_its_number_at_its_frame():
    table = {
        "type": "table", "attrs": {"id": "t1"},
        "content": [{"type": "table_row", "content": [{"type": "table_cell", "content": [{"type": "paragraph", "attrs": {"id": "p1"}}]}]}],
    }  # fmt: skip
    out = render_doc({"type": "doc", "content": [table]}, numbers={"t1": 3})
    assert out.count("data-n") == 1
    assert 'class="table-scroll"' in out.split('data-n="3"')[0]
