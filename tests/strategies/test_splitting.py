"""Splitting a section and making one of two: no word is lost, what is below follows, trails and anchors stay, undo."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rus_platform.kit.errors import Conflict, DomainError, Forbidden, Invalid, WrongState
from strategies.domain import carry, comments, documents, markup, section_work, sections, splitting, text
from strategies.domain.standing import standing_of
from strategies.domain.versions import fork_version, freeze_version
from strategies.models import AnchorResolution, Section, SectionTie, Suggestion
from strategies.queries.outline import outline
from tests.factories.texts import insert, words, write
from tests.factories.threads import together

pytestmark = pytest.mark.django_db
PEOPLE = ("leader", "editor", "secretary", "reader", "outsider", "nobody")
TEXT = "Ett två tre.\n\n## Bussarna\n\nFyra fem sex.\n\nSju åtta nio."


def chapter(world, words="", title="Cyklar") -> Section:
    """A chapter last in the draft."""
    made = sections.add_section(version_id=world.draft.pk, kind="chapter", title=title, by=world.leader)
    if words:
        text.replace_text(section_id=made.pk, by=world.leader, doc=markup.to_doc(words), via="import")
        made.refresh_from_db()
    return made


@pytest.fixture
def section(world) -> Section:
    return chapter(world, TEXT, "Tågen")


def blocks(section) -> list[str]:
    return [block["attrs"]["id"] for block in Section.objects.get(pk=section.pk).doc["content"]]


def split(section, by, at=1, title=""):
    return splitting.split_section(section_id=section.pk, block_id=blocks(section)[at], by=by, title=title)


def merge(first, second, by, **more):
    return splitting.merge_sections(first_id=first.pk, second_id=second.pk, by=by, **more)


def order(world) -> list[str]:
    return [node.title for node in outline(world.draft)]


# --- split


def test_a_heading_becomes_the_title_of_the_second_part(world, section):
    new = split(section, world.editor)
    assert (new.title, new.kind, new.parent) == ("Bussarna", "chapter", section.parent)
    assert words(section) == "Ett två tre." and words(new) == "Fyra fem sex.\nSju åtta nio."
    assert order(world)[-2:] == ["Tågen", "Bussarna"]


def test_with_a_title_every_block_goes_over_as_it_is(world, section):
    before = blocks(section)
    new = split(section, world.editor, title="  Annat  ")
    assert new.title == "Annat" and words(new).split("\n")[0] == "Bussarna"
    assert blocks(section) + blocks(new) == before


def test_what_stands_below_follows_the_second_part(world, section):
    child = sections.add_section(
        version_id=world.draft.pk, kind="text", title="Under", by=world.leader, parent_id=section.pk
    )
    split(section, world.editor)
    child.refresh_from_db()
    assert child.parent.title == "Bussarna"
    assert order(world)[-3:] == ["Tågen", "Bussarna", "Under"]


@pytest.mark.parametrize(
    ("at", "title", "error"), [(0, "X", Invalid), (2, "", Invalid), (1, "x" * 241, Invalid)]
)  # nothing left; no heading there; too long
def test_split_section_refuses(world, section, at, title, error):
    with pytest.raises(error):
        split(section, world.editor, at, title)
    assert order(world)[-1] == "Tågen" and words(section).startswith("Ett")


def test_a_place_that_is_gone_is_a_conflict(world, section):
    with pytest.raises(Conflict):
        splitting.split_section(section_id=section.pk, block_id="bnone", by=world.editor, title="X")


@pytest.mark.parametrize("person", PEOPLE)
def test_who_may_split_and_merge(world, section, person):
    by = world.people[person]
    if person in ("leader", "editor"):
        new = split(section, by)
        merge(section, new, by)
    else:
        with pytest.raises(Forbidden):
            split(section, by)
        new = split(section, world.leader)
        with pytest.raises(Forbidden):
            merge(section, new, by)
        with pytest.raises(Forbidden):
            splitting.undo_tie(tie_id=SectionTie.objects.get().pk, by=by)


def test_a_locked_section_is_neither_split_nor_merged(world, section):
    new = split(section, world.editor)
    section_work.lock_section(section_id=new.pk, reason="Granskas", by=world.leader)
    for attempt in (lambda: split(new, world.editor, 1, "X"), lambda: merge(section, new, world.editor)):
        with pytest.raises(WrongState):
            attempt()


def test_a_frozen_draft_is_neither_split_nor_merged(world, section):
    new = split(section, world.editor)
    freeze_version(version_id=world.draft.pk, by=world.leader, label="Frusen")
    for attempt in (lambda: split(section, world.editor, 0, "X"), lambda: merge(section, new, world.editor)):
        with pytest.raises(WrongState):
            attempt()


# --- merge


def test_the_seconds_title_stays_as_a_heading_and_its_blocks_keep_their_ids(world, section):
    second = chapter(world, "Tio elva.", "Cyklar")
    ids = blocks(second)
    merge(section, second, world.editor)
    assert words(section).split("\n")[-2:] == ["Cyklar", "Tio elva."] and blocks(section)[-1:] == ids
    second.refresh_from_db()
    assert second.removed_at and words(second) == "Tio elva."  # its own trail is as it was


def test_a_child_is_merged_into_its_parent_before_its_siblings(world, section):
    add = lambda title, parent: sections.add_section(  # noqa: E731
        version_id=world.draft.pk, kind="text", title=title, by=world.leader, parent_id=parent.pk
    )
    one, two = add("Ett", section), add("Två", section)
    add("Ett ett", one)
    merge(section, one, world.editor, keep_heading=False)
    assert order(world)[-3:] == ["Tågen", "Ett ett", "Två"]
    with pytest.raises(WrongState):
        merge(section, two, world.editor)  # another stands between


def test_words_that_were_copied_to_both_get_ids_of_their_own(world, section):
    second = chapter(world, title="Kopia")
    doc = Section.objects.get(pk=section.pk).doc
    text.replace_text(section_id=second.pk, by=world.leader, doc=doc, via="import")
    before = documents.word_count(doc)
    merge(section, second, world.editor, keep_heading=False)
    section.refresh_from_db()
    assert documents.word_count(section.doc) == 2 * before and len(set(blocks(section))) == len(blocks(section))


def test_a_merged_section_comes_back_only_by_undoing_the_merge(world, section):
    new = split(section, world.editor)
    tie = merge(section, new, world.editor)
    with pytest.raises(WrongState):
        sections.restore_section(section_id=new.pk, by=world.editor)
    splitting.undo_tie(tie_id=tie.pk, by=world.editor)
    new.refresh_from_db()
    assert new.removed_at is None


# --- undo


def test_undo_of_a_split_gives_the_same_text(world, section):
    before = Section.objects.get(pk=section.pk).doc
    child = sections.add_section(
        version_id=world.draft.pk, kind="text", title="Under", by=world.leader, parent_id=section.pk
    )
    split(section, world.editor)
    for _ in range(2):  # a double click
        splitting.undo_tie(tie_id=SectionTie.objects.get().pk, by=world.editor)
    section.refresh_from_db()
    child.refresh_from_db()
    assert section.doc == before and child.parent_id == section.pk
    assert order(world)[-2:] == ["Tågen", "Under"]


def test_undo_of_a_merge_takes_along_what_was_written_since(world, section):
    second = chapter(world, "Tio elva.\n\nTolv.", "Cyklar")
    child = sections.add_section(
        version_id=world.draft.pk, kind="text", title="Under", by=world.leader, parent_id=second.pk
    )
    before = Section.objects.get(pk=section.pk).doc
    tie = merge(section, second, world.editor)
    section.refresh_from_db()
    end = documents.size(section.doc) - 2
    write(section, world.leader, insert(end - 1, "X"))
    splitting.undo_tie(tie_id=tie.pk, by=world.editor)
    section.refresh_from_db()
    child.refresh_from_db()
    assert section.doc == before and child.parent_id == second.pk
    assert words(second) == "Tio elva.\nTolv.X" or words(second) == "Tio elva.\nTolvX."
    assert order(world)[-3:] == ["Tågen", "Cyklar", "Under"]


def test_undo_of_a_split_waits_until_they_stand_together(world, section):
    new = split(section, world.editor)
    sections.nudge_section(section_id=section.pk, direction="up", by=world.leader)
    with pytest.raises(WrongState):
        splitting.undo_tie(tie_id=SectionTie.objects.get().pk, by=world.editor)
    assert words(new) == "Fyra fem sex.\nSju åtta nio."


# --- what points at the words


def test_points_and_trails_follow_through_split_and_merge(world, section):
    frozen = freeze_version(version_id=world.draft.pk, by=world.leader, label="Samrådsversion 1")
    anchors = {
        quote: carry.create_anchor(section_id=section.pk, by=world.leader, quote=quote)
        for quote in ("två", "fem sex", "åtta")
    }
    draft = fork_version(version_id=frozen.pk, by=world.leader)
    first = draft.sections.get(uuid=section.uuid)
    second = split(first, world.editor)
    carry.resolve_anchors(version_id=draft.pk)
    found = {row.anchor.quote: row for row in AnchorResolution.objects.filter(version=draft)}
    assert {quote: (row.outcome, row.section_id) for quote, row in found.items()} == {
        "två": ("exact", first.pk), "fem sex": ("moved", second.pk), "åtta": ("moved", second.pk),
    }  # fmt: skip
    merge(first, second, world.editor)
    carry.resolve_anchors(version_id=draft.pk)
    found = {row.anchor.quote: row for row in AnchorResolution.objects.filter(version=draft)}
    assert {quote: row.section_id for quote, row in found.items()} == dict.fromkeys(anchors, first.pk)
    assert {row.text_now for row in found.values()} == set(anchors)
    tie = SectionTie.objects.first()
    assert tie is not None
    assert text.doc_at(tie.source, tie.source_version) == Section.objects.get(pk=section.pk).doc


# --- at the same time


@pytest.mark.django_db(transaction=True)
def test_a_split_and_a_commit_at_once_keep_every_word(world):
    section = chapter(world, TEXT, "Tågen")
    ids, version = blocks(section), section.doc_version
    answers = together(
        lambda: splitting.split_section(section_id=section.pk, block_id=ids[2], by=world.editor, title="Del två"),
        lambda: write(section, world.leader, insert(1, "X"), version=version),
    )
    assert not isinstance(answers[0], Exception)
    assert words(section) == "XEtt två tre.\nBussarna" and words(answers[0]) == "Fyra fem sex.\nSju åtta nio."
    assert not isinstance(answers[1], Exception)


@pytest.mark.django_db(transaction=True)
def test_a_merge_and_a_commit_in_the_second_at_once_lose_nothing_silently(world):
    section = chapter(world, TEXT, "Tågen")
    second = chapter(world, "Tio elva.", "Cyklar")
    answers = together(
        lambda: merge(section, second, world.editor),
        lambda: write(second, world.leader, insert(1, "X"), version=second.doc_version),
    )
    assert not isinstance(answers[0], Exception)
    if isinstance(answers[1], Exception):
        assert isinstance(answers[1], DomainError)  # refused in words: the writer's window keeps what was typed
        assert words(section).endswith("Tio elva.")
    else:
        assert words(section).endswith("XTio elva.")


@pytest.mark.django_db(transaction=True)
def test_two_who_split_at_once_take_turns(world):
    section = chapter(world, TEXT, "Tågen")
    ids = blocks(section)
    answers = together(
        lambda: splitting.split_section(section_id=section.pk, block_id=ids[1], by=world.editor, title="A"),
        lambda: splitting.split_section(section_id=section.pk, block_id=ids[3], by=world.leader, title="B"),
    )
    texts = [words(row) for row in world.draft.sections.filter(removed_at=None).order_by("position", "pk")]
    assert "\n".join(filter(None, texts)) == "Ett två tre.\nBussarna\nFyra fem sex.\nSju åtta nio."
    assert all(not isinstance(answer, Exception) or isinstance(answer, Conflict) for answer in answers)


# --- any text, any order


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    paragraphs=st.lists(
        st.text("abcåäö 👍🏽́", min_size=1, max_size=12).map(lambda t: "p " + t), min_size=2, max_size=8
    ),
    deeds=st.lists(st.tuples(st.sampled_from(["split", "merge", "undo"]), st.integers(0, 50)), max_size=8),
)
def test_whatever_is_split_and_merged_every_word_is_there_in_order(world, paragraphs, deeds):
    whole = chapter(world, title="Allt")
    doc = {
        "type": "doc",
        "content": [{"type": "paragraph", "content": [{"type": "text", "text": t}]} for t in paragraphs],
    }
    text.replace_text(section_id=whole.pk, by=world.leader, doc=doc, via="import")
    mine = lambda: [  # noqa: E731
        node.section for node in outline(world.draft, with_text=True)
        if node.section.pk >= whole.pk and node.section.doc["content"]
    ]  # fmt: skip
    for deed, number in deeds:
        rows = mine()
        row = rows[number % len(rows)]
        try:
            if deed == "split":
                count = len(row.doc["content"])
                splitting.split_section(
                    section_id=row.pk, block_id=blocks(row)[number % count], by=world.editor, title="Del"
                )
            elif deed == "merge":
                merge(row, rows[(number + 1) % len(rows)], world.editor, keep_heading=False)
            elif tie := SectionTie.objects.filter(undone_at=None).last():
                splitting.undo_tie(tie_id=tie.pk, by=world.editor)
        except DomainError:
            pass
    said = "\n".join(documents.plain_text(row.doc) for row in mine())
    assert said == documents.plain_text(doc)


def test_comments_in_the_draft_follow_through_split_merge_and_undo(world, section):
    said = {
        quote: comments.add_comment(
            version_id=world.draft.pk, section_id=section.pk, by=world.editor, text="Hm.", key=f"key-{n}", words={"quote": quote}
        ).anchor
        for n, quote in enumerate(("två", "fem sex", "åtta"))
    }  # fmt: skip

    def standing():
        carry.resolve_anchors(version_id=world.draft.pk)
        found = standing_of(world.draft, list(said.values()))
        return {quote: (found[anchor.pk].section, found[anchor.pk].text) for quote, anchor in said.items()}

    new = split(section, world.editor)
    assert standing() == {"två": (section, "två"), "fem sex": (new, "fem sex"), "åtta": (new, "åtta")}
    tie = merge(section, new, world.editor)
    assert standing() == {quote: (section, quote) for quote in said}
    splitting.undo_tie(tie_id=tie.pk, by=world.editor)
    assert standing() == {"två": (section, "två"), "fem sex": (new, "fem sex"), "åtta": (new, "åtta")}


def test_open_suggestions_keep_their_authors_through_split_merge_and_undo(world, section):
    step = {**insert(16, "Förslag. "), "slice": {"content": [{"type": "text", "text": "Nytt ord. ", "marks": [{"type": "insertion", "attrs": {"id": "s1"}}]}]}}  # fmt: skip
    size = documents.size(section.doc["content"][0]) + documents.size(section.doc["content"][1])
    write(section, world.editor, {**step, "from": size + 1, "to": size + 1})
    open_rows = lambda: [  # noqa: E731
        (row.section, row.author) for row in Suggestion.objects.filter(state="open", section__removed_at=None)
    ]
    assert open_rows() == [(section, world.editor)]
    new = split(section, world.leader)
    assert open_rows() == [(new, world.editor)]
    tie = merge(section, new, world.leader)
    assert open_rows() == [(section, world.editor)]
    splitting.undo_tie(tie_id=tie.pk, by=world.leader)
    assert open_rows() == [(new, world.editor)]
