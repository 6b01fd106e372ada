"""A draft with open suggestions is read, compared, sought in, quoted and carried over as if they were not there."""

from types import SimpleNamespace

import pytest

from rus_platform.kit.errors import Invalid
from strategies.domain import carry, documents, replacing, workflow
from strategies.domain.diff import diff_documents
from strategies.domain.searching import Words
from strategies.domain.suggestions import decide_all
from strategies.domain.versions import fork_version, freeze_version, manifest_of
from strategies.models import AnchorResolution, Section
from strategies.publishing.reading import section_html
from strategies.publishing.tree import book_of
from tests.factories.texts import make_section, write
from tests.strategies.test_suggestions import add_mark, at, node_mark, suggest_text

TEXT = "Kulturen ska brukas varsamt.\n\nAlla ska kunna bo här."


@pytest.fixture
def desk(world: SimpleNamespace) -> SimpleNamespace:
    world.section = make_section(world.draft, TEXT, by=world.leader, title="Kultur")
    world.before = Section.objects.get(pk=world.section.pk).doc
    world.manifest = manifest_of(world.draft)
    section = world.section
    write(section, world.editor, suggest_text(at(section, "varsamt"), "mycket ", "s1"))
    write(section, world.editor, add_mark(at(section, "Alla"), at(section, "Alla") + 4, "deletion", "s2"))
    write(section, world.editor, node_mark(at(section, "ska kunna") - 6, "modification", "s3", type="join", newValue=1))
    return world


def now(desk: SimpleNamespace) -> Section:
    return Section.objects.get(pk=desk.section.pk)


def test_the_fingerprint_and_the_diff_know_nothing_of_them(desk: SimpleNamespace) -> None:
    assert manifest_of(desk.draft)["sha256"] == desk.manifest["sha256"]
    assert diff_documents(desk.before, now(desk).doc)["changes"] == []


def test_pages_and_the_book_show_the_text_without_them(desk: SimpleNamespace) -> None:
    section = now(desk)
    section.version = desk.draft
    html = section_html(section)
    assert "brukas varsamt" in html and "Alla ska" in html and "mycket" not in html and "<ins" not in html
    [part] = [part for top in book_of(desk.draft).parts for part in top.walk() if part.title == "Kultur"]
    assert documents.plain_text(part.doc) == "Kulturen ska brukas varsamt.\nAlla ska kunna bo här."


def test_neither_freezing_nor_a_decision_with_open_ones(desk: SimpleNamespace) -> None:
    with pytest.raises(Invalid, match="3 ändringsförslag.*Kultur"):
        freeze_version(version_id=desk.draft.pk, by=desk.leader, label="Samrådsversion 1")
    with pytest.raises(Invalid, match="3 ändringsförslag.*Kultur"):
        workflow.submit_for_decision(version_id=desk.draft.pk, by=desk.leader, label="Förslag")


def test_find_and_replace_leaves_what_is_to_go_and_the_suggestions_as_they_are(desk: SimpleNamespace) -> None:
    words = Words(("alla", "varsamt"))
    found = replacing.find_words(desk.draft, words)
    assert [hit.found for here in found for hit in here.hits] == ["varsamt"]
    replacing.replace_words(
        version_id=desk.draft.pk, by=desk.leader, words=words, new="klokt", chosen=replacing.everything(found)
    )
    decide_all(version_id=desk.draft.pk, by=desk.leader, accept=True)
    assert documents.plain_text(now(desk).doc) == "Kulturen ska brukas mycket klokt. ska kunna bo här."


@pytest.mark.parametrize("settle", [True, False, None])
def test_a_quoted_place_is_found_through_suggestions_and_their_settling(
    world: SimpleNamespace, settle: bool | None
) -> None:
    base = make_section(world.draft, TEXT, by=world.leader, title="Kultur")
    frozen = freeze_version(version_id=world.draft.pk, by=world.leader, label="Samrådsversion 1")
    quotes = ("Kulturen", "kunna bo här")
    anchors = [carry.create_anchor(section_id=base.pk, by=world.outsider, quote=quote) for quote in quotes]
    draft = fork_version(version_id=frozen.pk, by=world.leader)
    section = draft.sections.get(uuid=base.uuid)
    write(section, world.editor, suggest_text(at(section, "brukas"), "alltid ", "s1"))
    write(section, world.editor, add_mark(at(section, "Alla"), at(section, "Alla") + 5, "deletion", "s2"))
    write(section, world.editor, node_mark(at(section, "ska kunna") - 6, "modification", "s3", type="join", newValue=1))
    if settle is not None:
        decide_all(version_id=draft.pk, by=world.leader, accept=settle)
    carry.resolve_anchors(version_id=draft.pk)
    for anchor in anchors:
        found = AnchorResolution.objects.get(anchor=anchor, version=draft)
        assert (found.section_id, found.text_now) == (section.pk, anchor.quote)
        assert found.outcome in ("exact", "moved")
