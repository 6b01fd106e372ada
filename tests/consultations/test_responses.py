"""An organisation's response by its verbs: happy, forbidden, wrong state, invalid, stale, twice."""

import hashlib
import json
import unicodedata

import pytest

from actors.domain.membership import end_role
from actors.models import AuditEvent, Membership, OutgoingMail, Role
from consultations.domain import notes, receipts, responses, selections
from consultations.models import Answer, Point, Position, Response
from rus_platform.kit.errors import Conflict, Forbidden, Invalid, NotFound, WrongState
from tests.factories import consultations as make
from tests.factories.actors import make_municipality, make_person

pytestmark = pytest.mark.django_db


def verbs_of(world, response, point):
    """Every verb that writes in a draft, as functions of who does it."""
    return {
        "save_summary": lambda by: responses.save_summary(
            response_id=response.pk, by=by, revision=99, summary="Ny", kind="answer", own_case_number=""
        ),
        "set_position": lambda by: responses.set_position(
            response_id=response.pk, section_id=world.subgoal.pk, by=by, stance="supports", reason="", revision=0
        ),
        "save_answer": lambda by: responses.save_answer(
            response_id=response.pk, question_id=world.questions[0].pk, by=by, value="Ny", revision=99
        ),
        "add_point": lambda by: responses.add_point(response_id=response.pk, by=by, text="Ny"),
        "edit_point": lambda by: responses.edit_point(
            point_id=point.pk, by=by, revision=0, text="Ny", kind="remark", suggested_wording=""
        ),
        "remove_point": lambda by: responses.remove_point(point_id=point.pk, by=by),
    }


def test_start_response_twice_is_one():
    world = make.make_open_round()
    first = make.start(world)
    assert make.start(world) == first
    assert AuditEvent.objects.filter(verb="start_response").count() == 1


def test_start_response_refusals():
    world = make.make_round()
    with pytest.raises(WrongState, match="inte öppnat"):
        make.start(world)
    other = make_municipality("98", 2)
    with pytest.raises(Forbidden):
        responses.start_response(round_id=world.round.pk, actor_id=other.pk, by=world.editor)
    not_invited = make_person(other, Role.EDITOR)
    with pytest.raises(NotFound):
        responses.start_response(round_id=world.round.pk, actor_id=other.pk, by=not_invited)


def test_verbs_of_a_draft_are_refused_to_others():
    world, response = make.make_draft()
    point = response.points.get()
    for by in (world.leader, make_person(), make_person(world.municipality, Role.READER)):
        for name, verb in verbs_of(world, response, point).items():
            with pytest.raises(Forbidden):
                verb(by)
            assert name


def test_a_role_taken_away_in_mid_sentence():
    world, response = make.make_draft()
    admin = make_person(world.municipality, Role.ADMIN)
    end_role(membership_id=Membership.objects.get(user=world.editor, role=Role.EDITOR).pk, by=admin)
    with pytest.raises(Forbidden, match="Kopiera din text"):
        responses.add_point(response_id=response.pk, by=world.editor, text="Halv mening")


def test_nothing_is_written_after_it_was_handed_in():
    world, response = make.make_submitted()
    for name, verb in verbs_of(world, response, response.points.get()).items():
        with pytest.raises(WrongState, match="inlämnat"):
            verb(world.editor)
        assert name
    notes.add_note(response_id=response.pk, by=world.editor, text="Efteråt")  # notes are the organisation's own


def test_save_summary_from_a_stale_form():
    world, response = make.make_draft()
    keep = {"kind": "answer", "own_case_number": "KS 1"}
    with pytest.raises(Conflict) as caught:
        responses.save_summary(response_id=response.pk, by=world.editor, revision=0, summary="Min", **keep)
    assert caught.value.data["mine"] == {"summary": "Min"}
    assert caught.value.data["theirs"] == {"summary": "Vi är positiva."}
    with pytest.raises(Conflict) as caught:  # the kind alone differs
        responses.save_summary(
            response_id=response.pk,
            by=world.editor,
            revision=0,
            summary="Vi är positiva.",
            kind="declines",
            own_case_number="KS 1",
        )
    assert caught.value.data["rows"] == [("Slag", "Svar med synpunkter", "Avstår från att svara")]
    responses.save_summary(
        response_id=response.pk, by=world.editor, revision=0, summary="Vi är positiva.", **keep
    )  # the same


def test_set_position_from_a_stale_form_never_turns_a_colleagues():
    world, response = make.make_draft()
    with pytest.raises(Conflict) as caught:
        responses.set_position(
            response_id=response.pk,
            section_id=world.goal.pk,
            by=world.signatory,
            stance="opposes",
            reason="Nämn bussen.",
            revision=0,
        )
    assert caught.value.data["rows"] == [("Ställningstagande", "Tillstyrker med ändringar", "Avstyrker")]
    assert Position.objects.get(response=response).stance == "supports_with_changes"
    for field, stance in (("stance", "kanske"),):
        with pytest.raises(Invalid) as refused:
            responses.set_position(
                response_id=response.pk, section_id=world.goal.pk, by=world.editor, stance=stance, reason="", revision=1
            )
        assert set(refused.value.fields) == {field}


def test_set_position_on_a_chapter_or_another_version():
    world, response = make.make_draft()
    chapter = world.version.sections.filter(parent=None).first()
    with pytest.raises(Invalid):
        responses.set_position(
            response_id=response.pk, section_id=chapter.pk, by=world.editor, stance="supports", reason="", revision=0
        )
    make.close(world)
    later = make.next_draft(world)
    elsewhere = later.sections.get(uuid=world.goal.uuid)
    with pytest.raises(NotFound):
        responses.set_position(
            response_id=response.pk, section_id=elsewhere.pk, by=world.editor, stance="supports", reason="", revision=0
        )


@pytest.mark.parametrize(("place", "value", "fine"), [
    (0, "x" * 50_000, True), (0, "x" * 50_001, False), (1, "0", True), (1, "2", False), (1, "-1", False), (1, "²", False),
    (2, "5", True), (2, "0", False), (2, "6", False), (2, "5.0", False), (1, "", True),
])  # fmt: skip
def test_save_answer_within_its_bounds(place, value, fine):
    world = make.make_open_round()
    response = make.start(world)
    save = lambda: responses.save_answer(  # noqa: E731
        response_id=response.pk, question_id=world.questions[place].pk, by=world.editor, value=value, revision=0
    )
    if fine:
        save()
    else:
        with pytest.raises(Invalid) as caught:
            save()
        assert set(caught.value.fields) == {"value"}
    assert Answer.objects.filter(response=response).exists() is fine


def test_save_answer_from_a_stale_form_and_to_another_rounds_question():
    world, response = make.make_draft()
    for question, mine, theirs in (
        (world.questions[0], {"text": "Min"}, {"text": "Cykeln"}),
        (world.questions[2], {"scale": 1}, {"scale": 4}),
    ):
        with pytest.raises(Conflict) as caught:
            responses.save_answer(
                response_id=response.pk,
                question_id=question.pk,
                by=world.signatory,
                value=str(*mine.values()),
                revision=0,
            )
        assert (caught.value.data["mine"], caught.value.data["theirs"]) == (mine, theirs)
    other = make.make_open_round("96")
    with pytest.raises(NotFound):
        responses.save_answer(
            response_id=response.pk, question_id=other.questions[0].pk, by=world.editor, value="A", revision=0
        )


# --- points


def test_add_point_on_words_a_section_and_in_general():
    world, response = make.make_draft(points=3)
    words, section, general = response.points.order_by("number")
    assert (words.anchor.quote, words.section) == ("stärka tåget", world.goal)
    assert (section.anchor, section.section) == (None, world.subgoal)
    assert (general.anchor, general.section) == (None, None)
    assert [point.number for point in (words, section, general)] == [1, 2, 3]


@pytest.mark.parametrize("selection", [
    {"quote": "flyget"}, {"quote": "Länet ska"}, {"quote": " "}, {"quote": "x" * 5_001},
    {"quote": "Länet ska", "block_id": "finns-inte"},
])  # fmt: skip
def test_add_point_on_words_that_do_not_say_where(selection):
    world = make.make_open_round()
    response = make.start(world)
    with pytest.raises(Invalid) as caught:
        responses.add_point(
            response_id=response.pk, by=world.editor, text="A", section_id=world.goal.pk, selection=selection
        )
    assert set(caught.value.fields) == {"quote"}
    assert response.points.count() == 0


def test_add_point_by_place_on_the_page():
    world = make.make_open_round()
    response = make.start(world)
    second, third = world.goal.doc["content"][1:3]
    selection = {  # over a border between paragraphs, words that stand in several places
        "quote": "Länet ska växa.\nLänet ska", "block_id": second["attrs"]["id"], "to_block": third["attrs"]["id"],
        "from": second["content"][0]["text"].index("Länet ska växa"), "to": len("Länet ska"),
    }  # fmt: skip
    point = responses.add_point(
        response_id=response.pk, by=world.editor, text="A", section_id=world.goal.pk, selection=selection
    )
    assert point.anchor.quote == "Länet ska växa.\nLänet ska"
    wrong = selection | {"from": 0, "quote": "tillsammans med"}  # the words decide when place and words differ
    point = responses.add_point(
        response_id=response.pk, by=world.editor, text="B", section_id=world.goal.pk, selection=wrong
    )
    assert point.anchor.quote == "tillsammans med"


@pytest.mark.parametrize(("text", "kind", "fields"), [
    ("", "remark", {"text"}), ("A", "rop", {"kind"}), (" \x00 ", "rop", {"text", "kind"}), ("x" * 50_001, "remark", {"text"}),
])  # fmt: skip
def test_add_point_says_what_is_wrong(text, kind, fields):
    world = make.make_open_round()
    response = make.start(world)
    with pytest.raises(Invalid) as caught:
        responses.add_point(response_id=response.pk, by=world.editor, text=text, kind=kind)
    assert set(caught.value.fields) == fields


def test_edit_and_remove_point():
    world, response = make.make_draft(points=2)
    first, second = response.points.all()
    responses.edit_point(
        point_id=first.pk, by=world.editor, revision=0, text="Ny", kind="change", suggested_wording="Så"
    )
    with pytest.raises(Conflict) as caught:
        responses.edit_point(
            point_id=first.pk, by=world.signatory, revision=0, text="Min", kind="change", suggested_wording="Annat"
        )
    assert caught.value.data["mine"] == {"text": "Min", "suggested_wording": "Annat"}
    assert caught.value.data["theirs"] == {"text": "Ny", "suggested_wording": "Så"}
    responses.remove_point(point_id=first.pk, by=world.editor)
    with pytest.raises(NotFound):
        responses.remove_point(point_id=first.pk, by=world.editor)
    event = AuditEvent.objects.get(verb="remove_point")
    assert (event.data["text"], event.private_to) == ("Ny", world.municipality)
    assert responses.add_point(response_id=response.pk, by=world.editor, text="C").number == 3
    assert list(response.points.values_list("number", flat=True)) == [2, 3]


def test_writing_leaves_only_private_events():
    world, response = make.make_draft(points=3)
    verbs = {"start_response", "save_summary", "set_position", "save_answer", "add_point", "add_note"}
    events = AuditEvent.objects.filter(verb__in=verbs)
    assert set(events.values_list("verb", flat=True)) == verbs
    assert set(events.values_list("private_to_id", flat=True)) == {world.municipality.pk}
    assert not any(make.NOTE in json.dumps(event.data, ensure_ascii=False) for event in events)


# --- hand in


def test_submit_response_gives_a_receipt_that_can_be_made_again():
    world, response = make.make_draft(points=3)
    make.submit(world, response)
    kept = Response.objects.select_related("round__version", "actor", "submitted_by").get(pk=response.pk)
    assert (kept.state, kept.number, kept.late, kept.submitted_by) == ("submitted", 1, False, world.signatory)
    assert receipts.content(kept) == kept.receipt
    canonical = json.dumps(kept.receipt, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert hashlib.sha256(unicodedata.normalize("NFC", canonical).encode()).hexdigest() == kept.sha256
    assert make.NOTE not in canonical
    assert [point["text"] for point in kept.receipt["points"]] == ["Synpunkt 1", "Synpunkt 2", "Synpunkt 3"]
    assert kept.receipt["points"][0]["quote"] == "stärka tåget"


def test_submit_response_only_by_the_signatory_and_once():
    world, response = make.make_draft()
    with pytest.raises(Forbidden):
        responses.submit_response(response_id=response.pk, by=world.editor)
    make.submit(world, response)
    with pytest.raises(WrongState):
        make.submit(world, response)
    assert AuditEvent.objects.filter(verb="submit_response").count() == 1
    assert OutgoingMail.objects.filter(key__startswith="receipt:").count() == 2  # the signatory and the organisation


def test_submit_response_says_what_is_missing():
    world = make.make_open_round()
    response = make.start(world)
    question = world.questions[0]
    responses.save_answer(response_id=response.pk, question_id=question.pk, by=world.editor, value="A", revision=0)
    responses.save_answer(response_id=response.pk, question_id=question.pk, by=world.editor, value="", revision=1)
    with pytest.raises(Invalid) as caught:
        make.submit(world, response)
    assert set(caught.value.fields) == {"summary"}  # an answer taken back is no answer
    responses.set_position(
        response_id=response.pk, section_id=world.goal.pk, by=world.editor, stance="opposes", reason=" ", revision=0
    )
    with pytest.raises(Invalid) as caught:
        make.submit(world, response)
    assert set(caught.value.fields) == {f"position-{world.goal.pk}"}
    assert Response.objects.get(pk=response.pk).state == "drafting"


@pytest.mark.parametrize("kind", ["no_objection", "declines"])
def test_submit_response_with_nothing_but_its_kind(kind):
    world = make.make_open_round()
    response = make.start(world)
    responses.save_summary(
        response_id=response.pk, by=world.editor, revision=0, summary="", kind=kind, own_case_number=""
    )
    assert make.submit(world, response).number == 1


def test_numbers_follow_the_order_of_arrival():
    world, response = make.make_draft()
    other, person = make.other_consultee(world)
    second = responses.start_response(round_id=world.round.pk, actor_id=other.pk, by=person)
    responses.add_point(response_id=second.pk, by=person, text="A")
    assert responses.submit_response(response_id=second.pk, by=person).number == 1
    assert make.submit(world, response).number == 2
    assert Point.objects.filter(response__round=world.round).count() == 2


def test_the_words_of_a_point_are_marked_in_their_own_section():
    """Block ids are unique in a section, not in a page with many of them."""
    world, response = make.make_draft(points=0)
    point = responses.add_point(
        response_id=response.pk,
        by=world.editor,
        text="Bra.",
        section_id=world.goal.pk,
        selection={"quote": "stärka tåget"},
    )
    [mark] = selections.marks([point], world.version.sections.all())
    assert (mark["id"], mark["section"], len(mark["spans"])) == (point.pk, world.goal.pk, 1)
