"""Comments hold on to exact words, and follow them from version to version."""

from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from actors.models import AuditEvent
from rus_platform.kit.errors import Forbidden, Invalid, NotFound, WrongState
from strategies.domain import candidates, carry, confirming, sections, versions
from strategies.models import AnchorResolution
from tests.factories.texts import delete, insert, make_section, words, write
from tests.factories.threads import together

pytestmark = pytest.mark.django_db

TEXT = (
    "Regionen ska tillsammans med kommunerna utveckla kollektivtrafiken i hela länet.\n\n"
    "Andelen invånare med eftergymnasial utbildning är lägre än i riket.\n\n"
    "Kulturen ska vara fri och tillgänglig för alla."
)
OTHER = "Skogen är länets största tillgång och ska brukas varsamt."


@pytest.fixture
def carried(world):
    """A frozen version with anchors on it, and the draft forked from it."""
    text = make_section(world.draft, TEXT, by=world.editor, title="Text")
    other = make_section(world.draft, OTHER, by=world.editor, title="Annan")
    frozen = versions.freeze_version(version_id=world.draft.pk, by=world.leader, label="Samrådsversion 1")
    quotes = {
        "traffic": "utveckla kollektivtrafiken",
        "education": "eftergymnasial utbildning",
        "culture": "fri och tillgänglig",
    }
    anchors = {
        name: carry.create_anchor(section_id=text.pk, quote=quote, by=world.outsider) for name, quote in quotes.items()
    }
    draft = versions.fork_version(version_id=frozen.pk, by=world.leader)
    return SimpleNamespace(
        **{**vars(world), "frozen": frozen, "draft": draft, "anchors": anchors, "was": text, "was_other": other},
        text=draft.sections.get(uuid=text.uuid), other=draft.sections.get(uuid=other.uuid),
    )  # fmt: skip


def outcomes(carried, version=None):
    version = version or carried.draft
    rows = AnchorResolution.objects.filter(version=version).select_related("anchor")
    names = {anchor.pk: name for name, anchor in carried.anchors.items()}
    return {names[row.anchor_id]: row.outcome for row in rows}


def of(carried, name):
    return AnchorResolution.objects.get(anchor=carried.anchors[name], version=carried.draft)


def place_of(section, quote):
    """Position of the words in a section whose blocks are plain paragraphs."""
    section.refresh_from_db()
    at = 0
    for block in section.doc["content"]:
        text = "".join(child.get("text", "") for child in block.get("content", []))
        if quote in text:
            return at + 1 + text.index(quote)
        at += len(text) + 2
    raise LookupError(quote)


# --- Anchors ------------------------------------------------------------------------------------
def test_create_anchor_by_quote_knows_the_place_and_what_stands_around(carried):
    anchor = carried.anchors["traffic"]
    assert (anchor.quote, anchor.prefix[-16:], anchor.suffix[:9]) == (
        "utveckla kollektivtrafiken",
        " med kommunerna ",
        " i hela l",
    )
    assert anchor.end - anchor.start == len(anchor.quote)
    assert anchor.start == place_of(carried.was, anchor.quote)


def test_create_anchor_by_positions_takes_the_words_that_are_there(carried):
    start = place_of(carried.was, "invånare")
    assert (
        carry.create_anchor(section_id=carried.was.pk, start=start, end=start + 8, by=carried.outsider).quote
        == "invånare"
    )


@pytest.mark.parametrize(
    "given",
    [
        {"quote": "ord som inte finns"},
        {"quote": "ska"},
        {"quote": ""},
        {"start": 2, "end": 2},
        {"start": 90, "end": 9999},
    ],
)
def test_create_anchor_on_words_that_are_not_there_is_refused_in_words(carried, given):
    with pytest.raises(Invalid) as refusal:
        carry.create_anchor(section_id=carried.was.pk, by=carried.outsider, **given)
    assert list(refusal.value.fields) == ["quote"]


def test_create_anchor_by_positions_of_another_text_goes_by_the_words(carried):
    anchor = carry.create_anchor(
        section_id=carried.was.pk, start=1, end=4, quote="fri och tillgänglig", by=carried.outsider
    )
    assert anchor.start == carried.anchors["culture"].start


def test_create_anchor_of_repeated_words_by_what_stands_around(carried):
    anchor = carry.create_anchor(
        section_id=carried.was.pk, quote="ska", prefix="Kulturen ", suffix=" vara", by=carried.outsider
    )
    assert anchor.start == place_of(carried.was, "Kulturen ska") + len("Kulturen ")


def test_create_anchor_in_a_draft_is_refused(carried):
    with pytest.raises(NotFound):
        carry.create_anchor(section_id=carried.text.pk, quote="Regionen", by=carried.outsider)


# --- Resolve ------------------------------------------------------------------------------------
def test_resolve_anchors_in_an_unchanged_draft_are_exact(carried):
    assert carry.resolve_anchors(version_id=carried.draft.pk) == 3
    assert outcomes(carried) == {"traffic": "exact", "education": "exact", "culture": "exact"}
    assert of(carried, "culture").section == carried.text
    assert carry.resolve_anchors(version_id=carried.draft.pk) == 0


def test_resolve_anchors_follow_steps_rewording_moving_and_removal(carried):
    write(carried.text, carried.editor, insert(1, "Hela länet räknas. "))
    start = place_of(carried.text, "eftergymnasial")
    write(carried.text, carried.editor, delete(start, start + len("eftergymnasial")), insert(start, "högre"))
    start = place_of(carried.text, "Kulturen")
    write(carried.text, carried.editor, delete(start, start + len("Kulturen ska vara fri och tillgänglig för alla.")))
    write(carried.other, carried.editor, insert(1, "Kulturen ska vara fri och tillgänglig för alla. "))
    carry.resolve_anchors(version_id=carried.draft.pk)
    assert outcomes(carried) == {"traffic": "exact", "education": "reworded", "culture": "moved"}
    assert of(carried, "culture").section == carried.other
    assert of(carried, "education").text_now.endswith("utbildning")


def test_resolve_anchors_whose_section_was_removed_are_gone_and_come_back(carried):
    sections.remove_section(section_id=carried.text.pk, by=carried.editor)
    carry.resolve_anchors(version_id=carried.draft.pk)
    assert set(outcomes(carried).values()) == {"gone"}
    sections.restore_section(section_id=carried.text.pk, by=carried.editor)
    carry.resolve_anchors(version_id=carried.draft.pk)
    assert set(outcomes(carried).values()) == {"exact"}


def test_resolve_anchors_over_two_forks(carried):
    write(carried.text, carried.editor, insert(1, "Ett. "))
    second = versions.freeze_version(version_id=carried.draft.pk, by=carried.leader, label="Samrådsversion 2")
    third = versions.fork_version(version_id=second.pk, by=carried.leader)
    write(third.sections.get(uuid=carried.text.uuid), carried.editor, insert(1, "Två. "))
    carry.resolve_anchors(version_id=third.pk)
    assert outcomes(carried, third) == {"traffic": "exact", "education": "exact", "culture": "exact"}
    row = AnchorResolution.objects.get(anchor=carried.anchors["traffic"], version=third)
    assert row.start == carried.anchors["traffic"].start + 10


def test_resolve_anchors_takes_the_same_queries_for_few_and_many(carried):
    def count():
        AnchorResolution.objects.all().delete()
        with CaptureQueriesContext(connection) as captured:
            carry.resolve_anchors(version_id=carried.draft.pk)
        return len(captured)

    few = count()
    for n in range(30):
        carry.create_anchor(section_id=carried.was.pk, start=2 + n, end=9 + n, by=carried.outsider)
    assert count() == few


def test_refresh_drafts_works_only_on_what_was_written_in(carried):
    assert carry.refresh_drafts() == 3
    assert carry.refresh_drafts() == 0
    write(carried.text, carried.editor, insert(1, "Nytt. "))
    assert carry.refresh_drafts() == 3


# --- Confirm ------------------------------------------------------------------------------------
def test_confirm_resolution_stays_when_the_text_changes(carried):
    carry.resolve_anchors(version_id=carried.draft.pk)
    row = of(carried, "culture")
    confirming.confirm_resolution(resolution_id=row.pk, by=carried.editor, choice="gone")
    write(carried.text, carried.editor, insert(1, "Nytt. "))
    carry.resolve_anchors(version_id=carried.draft.pk)
    assert (of(carried, "culture").outcome, of(carried, "culture").confirmed_by) == ("gone", carried.editor)
    confirming.confirm_resolution(resolution_id=row.pk, by=carried.editor, choice="again")
    carry.resolve_anchors(version_id=carried.draft.pk)
    assert (of(carried, "culture").outcome, of(carried, "culture").confirmed_by) == ("exact", None)
    assert AuditEvent.objects.filter(verb="confirm_resolution").count() == 2


def test_confirm_resolution_at_a_place_that_a_person_chose(carried):
    start = place_of(carried.text, "Kulturen")
    write(carried.text, carried.editor, delete(start, start + len("Kulturen ska vara fri och tillgänglig för alla.")))
    carry.resolve_anchors(version_id=carried.draft.pk)
    assert of(carried, "culture").outcome == "gone"
    at = place_of(carried.other, "brukas varsamt")
    row = confirming.confirm_resolution(
        resolution_id=of(carried, "culture").pk,
        by=carried.leader,
        choice="place",
        section_id=carried.other.pk,
        start=at,
        end=at + 14,
    )
    assert (row.outcome, row.text_now, row.section) == ("reworded", "brukas varsamt", carried.other)
    with pytest.raises(Invalid):
        confirming.confirm_resolution(
            resolution_id=row.pk, by=carried.leader, choice="place", section_id=carried.was.pk, start=at, end=at + 14
        )


def test_candidates_of_a_lost_anchor_are_likely_places(carried):
    start = place_of(carried.text, "utveckla kollektivtrafiken")
    write(carried.text, carried.editor, delete(start, start + len("utveckla kollektivtrafiken")))
    write(
        carried.other,
        carried.editor,
        insert(1, "Alla vill utveckla kollektivtrafiken. Skogen vill utveckla kollektivtrafiken. "),
    )
    carry.resolve_anchors(version_id=carried.draft.pk)
    row = of(carried, "traffic")
    assert row.outcome in ("ambiguous", "gone", "reworded")
    for place in candidates.candidates_of([row])[row.pk]:
        assert place.text


@pytest.mark.parametrize("person", ["leader", "editor", "secretary", "reader", "outsider", "nobody"])
def test_confirm_resolution_by_person(carried, person):
    carry.resolve_anchors(version_id=carried.draft.pk)
    row = of(carried, "traffic")
    if person in ("leader", "editor"):
        assert confirming.confirm_resolution(
            resolution_id=row.pk, by=carried.people[person], choice="right"
        ).confirmed_at
    else:
        with pytest.raises(Forbidden):
            confirming.confirm_resolution(resolution_id=row.pk, by=carried.people[person], choice="right")


@pytest.mark.parametrize("choice", ["", "kung"])
def test_confirm_resolution_of_no_choice_is_refused(carried, choice):
    carry.resolve_anchors(version_id=carried.draft.pk)
    with pytest.raises(WrongState):
        confirming.confirm_resolution(resolution_id=of(carried, "traffic").pk, by=carried.leader, choice=choice)


@pytest.mark.django_db(transaction=True)
def test_resolve_anchors_two_at_once_while_a_person_confirms(carried):
    carry.resolve_anchors(version_id=carried.draft.pk)
    row = of(carried, "traffic")
    write(carried.text, carried.editor, insert(1, "Nytt. "))
    results = together(
        lambda: carry.resolve_anchors(version_id=carried.draft.pk),
        lambda: carry.resolve_anchors(version_id=carried.draft.pk),
        lambda: confirming.confirm_resolution(resolution_id=row.pk, by=carried.leader, choice="gone"),
    )
    assert [result for result in results if isinstance(result, Exception)] == []
    assert outcomes(carried) == {"traffic": "gone", "education": "exact", "culture": "exact"}
    assert words(carried.text).startswith("Nytt.")
