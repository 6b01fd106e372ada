"""A point's suggested wording into the draft: who may, when, what it changes, and what is said when it cannot be known."""

import threading

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actors.models import Role, User
from consultations.domain import corrections, dispositions, responses, wordings
from consultations.models import ChangeLink, Disposition, PlacedWording
from consultations.queries import points as point_queries
from consultations.queries.points import attach_resolutions, newest_version_after
from consultations.queries.wordings import placed_of, plans_for
from rus_platform.kit.errors import Conflict, DomainError, Forbidden, Invalid, WrongState
from strategies.domain import carry, confirming, section_work, suggestions, versions
from strategies.models import AnchorResolution, Section, Step, Suggestion
from tests.factories import consultations as make
from tests.factories.actors import make_person, make_region
from tests.factories.texts import delete, insert, words, write
from tests.strategies.test_comments import place_of

pytestmark = pytest.mark.django_db
NEW = "stärka tåget, bussen"


def build(quote="stärka tåget", wording=NEW, *, draft=True):
    """A point on exact words that has been handed in, and the next draft."""
    world = make.make_open_round()
    response = make.start(world)
    make.write(world, response, points=0)
    world.point = responses.add_point(
        response_id=response.pk, by=world.editor, text="Nämn bussen", kind="change", suggested_wording=wording,
        section_id=world.goal.pk, selection={"quote": quote} if quote else None,
    )  # fmt: skip
    world.response = make.submit(world, response)
    world.point.refresh_from_db()
    if draft:
        begin_draft(world)
    return world


def begin_draft(world):
    world.draft = versions.fork_version(version_id=world.version.pk, by=world.leader)
    world.now = world.draft.sections.get(uuid=world.goal.uuid)
    carry.resolve_anchors(version_id=world.draft.pk)


@pytest.fixture
def case():
    return build()


def plan(world):
    newest = newest_version_after(world.fresh())
    attach_resolutions([world.point], newest)
    return plans_for([world.point], newest).get(world.point.pk)


def put(world, way="edit", by=None, seen=None):
    seen = plan(world).seen if seen is None else seen
    return wordings.place_wording(point_id=world.point.pk, by=by or world.leader, way=way, seen=seen)


def fate(world):
    return [row.fate for row in placed_of(world.point)]


# --- Putting in ---------------------------------------------------------------------------------------


def test_place_wording_straight_into_the_text(case):
    shown = plan(case)
    assert (shown.state, shown.now) == ("ready", "stärka tåget")
    assert shown.before.startswith("Regionen ska tillsammans med kommunerna stärka tåget och bussen")
    placed = put(case)
    assert words(case.now).startswith("Regionen ska tillsammans med kommunerna stärka tåget, bussen och bussen.")
    link = ChangeLink.objects.get(point=case.point)
    assert (link.before, link.after, link.section_id) == (shown.before, shown.after, case.now.pk)
    assert (placed.link_id, placed.batch_id) == (link.pk, Step.objects.filter(section=case.now).latest("n").batch_id)
    assert fate(case) == ["in_text"]
    assert not Disposition.objects.filter(point=case.point).exists(), "the decision is the officer's own"


def test_place_wording_as_a_suggestion_says_whose_point_it_is(case):
    before = words(case.now)
    placed = put(case, "suggestion")
    row = Suggestion.objects.get(mark_id=placed.mark_id)
    assert (row.author, row.because_url) == (case.leader, f"/synpunkter/{case.point.pk}/")
    assert row.because == f"{case.municipality.name}, punkt {case.point.number}"
    assert fate(case) == ["suggested"]
    suggestions.decide_suggestions(section_id=case.now.pk, by=case.leader, accept=True, ids=[placed.mark_id])
    assert fate(case) == ["accepted"]
    assert words(case.now) == before.replace("stärka tåget", NEW)


def test_a_refused_suggestion_is_no_change_and_can_be_put_in_again(case):
    placed = put(case, "suggestion")
    dispositions.decide_point(point_id=case.point.pk, by=case.leader, decision="accommodated", reason="")
    assert point_queries.counts(case.fresh())["unchanged"] == 0
    suggestions.decide_suggestions(section_id=case.now.pk, by=case.leader, accept=False, ids=[placed.mark_id])
    assert fate(case) == ["rejected"]
    assert list(ChangeLink.objects.standing()) == []
    assert point_queries.counts(case.fresh())["unchanged"] == 1
    put(case)
    assert fate(case) == ["in_text", "rejected"]
    assert ChangeLink.objects.standing().count() == 1


@pytest.mark.parametrize("way", ["edit", "suggestion"])
def test_take_back_wording_leaves_the_text_as_it_was(case, way):
    before = words(case.now)
    placed = put(case, way)
    for _press in range(2):
        wordings.take_back_wording(placed_id=placed.pk, by=case.leader)
    assert words(case.now) == before
    assert fate(case) == ["taken_back"]
    assert list(ChangeLink.objects.standing()) == []
    put(case, way)
    assert fate(case)[1:] == ["taken_back"]


def test_take_back_wording_after_others_wrote_beside_it_and_in_it(case):
    placed = put(case)
    write(case.now, case.leader, insert(1, "Ja: "))
    wordings.take_back_wording(placed_id=placed.pk, by=case.leader)
    assert words(case.now).startswith("Ja: Regionen ska tillsammans med kommunerna stärka tåget och bussen.")
    again = put(case)
    at = place_of(case.now, "tåget, bussen")
    write(case.now, case.leader, delete(at, at + len("tåget, bussen")))
    with pytest.raises(Conflict):
        wordings.take_back_wording(placed_id=again.pk, by=case.leader)


def test_take_back_wording_when_the_suggestion_is_settled(case):
    placed = put(case, "suggestion")
    suggestions.decide_suggestions(section_id=case.now.pk, by=case.leader, accept=True, ids=[placed.mark_id])
    with pytest.raises(WrongState):
        wordings.take_back_wording(placed_id=placed.pk, by=case.leader)


def test_wording_of_several_paragraphs_across_paragraphs():
    world = build("i hela länet. Länet ska växa.\nLänet ska vara öppet", "i länet.\n\nLänet växer.\n\nDet är öppet")
    put(world)
    assert words(world.now).splitlines()[1:] == [
        "Alla ska kunna bo och arbeta i länet.",
        "Länet växer.",
        "Det är öppet för alla.",
    ]


def test_a_corrected_answer_keeps_what_was_put_in(case):
    put(case, "suggestion")
    later = corrections.start_correction(response_id=case.response.pk, by=case.editor)
    make.submit(case, later)
    case.point = later.points.get(origin=case.point)
    assert fate(case) == ["suggested"]
    assert case.point.change_links.standing().count() == 1


# --- Where the words are -----------------------------------------------------------------------------


def rewrite(world, quote, new):
    at = place_of(world.now, quote)
    write(world.now, world.leader, delete(at, at + len(quote)), insert(at, new))
    carry.resolve_anchors(version_id=world.draft.pk)


def test_words_that_moved_are_found_and_said_to_have_moved(case):
    at = place_of(case.now, "Länet ska vara öppet för alla.")
    start = place_of(case.now, "stärka tåget")
    write(case.now, case.leader, insert(at, "Vi ska stärka tåget i varje kommun i hela länet. "))
    write(case.now, case.leader, delete(start, start + len("stärka tåget")))
    carry.resolve_anchors(version_id=case.draft.pk)
    assert plan(case).state in ("moved", "gone", "ambiguous", "reworded"), "never as if it had not moved"
    row = AnchorResolution.objects.get(anchor=case.point.anchor_id, version=case.draft)
    place = place_of(case.now, "stärka tåget")
    confirming.confirm_resolution(
        resolution_id=row.pk, by=case.leader, choice="place", section_id=case.now.pk, start=place, end=place + 12
    )
    assert plan(case).state == "ready", "a person has said where"
    put(case)
    assert "Vi ska stärka tåget, bussen i varje kommun" in words(case.now)


def test_reworded_into_just_what_was_asked_for_is_there_already():
    world = build("tillsammans med kommunerna stärka tåget", "tillsammans med alla kommuner stärka tåget")
    rewrite(world, "kommunerna", "alla kommuner")
    assert AnchorResolution.objects.get(anchor=world.point.anchor_id, version=world.draft).outcome == "reworded"
    assert plan(world).state == "same"


@pytest.mark.parametrize(
    ("new", "states"),
    [("stärka tågen kraftigt", ("reworded",)), ("", ("gone", "reworded")), ("något helt annat", ("gone", "reworded"))],
)
def test_words_that_changed_are_not_guessed(case, new, states):
    seen = plan(case).seen
    at = place_of(case.now, "stärka tåget")
    changes = [delete(at, at + len("stärka tåget"))] + ([insert(at, new)] if new else [])
    write(case.now, case.leader, *changes)
    with pytest.raises(Conflict):
        put(case, seen=seen)
    carry.resolve_anchors(version_id=case.draft.pk)
    assert plan(case).state in states
    assert not PlacedWording.objects.exists()


def test_words_written_after_a_person_said_where(case):
    row = AnchorResolution.objects.get(anchor=case.point.anchor_id, version=case.draft)
    confirming.confirm_resolution(resolution_id=row.pk, by=case.leader, choice="right")
    at = place_of(case.now, "stärka")
    write(case.now, case.leader, insert(at + 3, "XYZ"))
    assert (plan(case).state, plan(case).now) == ("changed", "stäXYZrka tåget")
    write(case.now, case.leader, delete(at + 3, at + 6), insert(1, "Före. "))
    assert plan(case).state == "ready", "the steps carry the place that a person pointed at"
    put(case)
    assert words(case.now).startswith("Före. Regionen ska tillsammans med kommunerna stärka tåget, bussen och")


def test_what_was_not_seen_is_not_put_in(case):
    seen = plan(case).seen
    write(case.now, case.leader, insert(place_of(case.now, "Regionen"), "Nu: "))
    with pytest.raises(Conflict):
        put(case, seen=seen)
    assert not PlacedWording.objects.exists()


def test_somebodys_suggestion_on_the_same_words_comes_first(case):
    placed = put(case, "suggestion")
    other = build_second(case)
    case.point = other
    carry.resolve_anchors(version_id=case.draft.pk)
    assert plan(case).state == "suggested"
    with pytest.raises(Conflict, match="Avgör det först"):
        put(case, seen="")
    suggestions.decide_suggestions(section_id=case.now.pk, by=case.leader, accept=False, ids=[placed.mark_id])
    carry.resolve_anchors(version_id=case.draft.pk)
    assert plan(case).state == "ready"


def build_second(case):
    """Another municipality on the same words."""
    actor, person = make.other_consultee(case)
    response = responses.start_response(round_id=case.round.pk, actor_id=actor.pk, by=person)
    point = responses.add_point(
        response_id=response.pk, by=person, text="Cykeln", kind="change", suggested_wording="stärka cykeln",
        section_id=case.goal.pk, selection={"quote": "stärka tåget"},
    )  # fmt: skip
    responses.submit_response(response_id=response.pk, by=person)
    point.refresh_from_db()
    return point


def test_the_same_wording_stands_there_already(case):
    rewrite(case, "stärka tåget", NEW)
    row = AnchorResolution.objects.get(anchor=case.point.anchor_id, version=case.draft)
    confirming.confirm_resolution(
        resolution_id=row.pk, by=case.leader, choice="words", section_id=case.now.pk, quote=NEW
    )
    assert plan(case).state == "same"
    with pytest.raises(Invalid):
        put(case)


def test_without_exact_words_or_without_a_draft():
    world = build("")
    assert plan(world).state == "unanchored"
    with pytest.raises(Conflict):
        put(world)
    world = build(draft=False)
    assert plan(world).state == "no_draft"
    with pytest.raises(WrongState):
        put(world)
    begin_draft(world)
    AnchorResolution.objects.all().delete()
    assert plan(world).state == "waiting"
    with pytest.raises(Conflict):
        put(world)


def test_without_a_wording_there_is_nothing():
    world = build(wording="")
    assert plan(world) is None
    with pytest.raises(Invalid):
        put(world, seen="")


# --- May they, and can it be now ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("leader", True), ("editor_here", True), ("reviewer", False), ("reader", False), ("secretary", False),
        ("municipality", False), ("elsewhere", False), ("stranger", False),
    ],
)  # fmt: skip
@pytest.mark.parametrize("way", ["edit", "suggestion"])
def test_who_may_put_a_wording_in(case, who, may, way):
    person = {
        "leader": lambda: case.leader,
        "editor_here": lambda: make_person(case.region, Role.EDITOR),
        "reviewer": lambda: make_person(case.region, Role.REVIEWER),
        "reader": lambda: make_person(case.region, Role.READER),
        "secretary": lambda: make_person(case.region, Role.SECRETARY),
        "municipality": lambda: case.editor,
        "elsewhere": lambda: make_person(make_region("17" if case.region.county_id != "17" else "18"), Role.LEADER),
        "stranger": lambda: make_person(),
    }[who]()
    if may:
        put(case, way, by=person)
    else:
        with pytest.raises(Forbidden):
            put(case, way, by=person)
    assert PlacedWording.objects.count() == may
    placed = PlacedWording.objects.first() or put(case, way)
    if not may:
        with pytest.raises(Forbidden):
            wordings.take_back_wording(placed_id=placed.pk, by=person)


def test_a_locked_section_says_who_and_why(case):
    section_work.lock_section(section_id=case.now.pk, by=case.leader, reason="Nämnden läser")
    other = make_person(case.region, Role.EDITOR)
    with pytest.raises(WrongState, match="Nämnden läser"):
        put(case, by=other)
    assert not PlacedWording.objects.exists()


def test_a_settled_round_is_settled(case):
    placed = put(case)
    make.close(case)
    make.settle(case)
    for deed in (lambda: put(case, seen=""), lambda: wordings.take_back_wording(placed_id=placed.pk, by=case.leader)):
        with pytest.raises(WrongState):
            deed()


def test_nonsense_is_refused(case):
    with pytest.raises(Invalid):
        put(case, "something")


# --- At once -----------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_officers_press_at_once():
    """One puts it in, the other is told who did; the words are there once."""
    world = build()
    other = make_person(world.region, Role.EDITOR)
    seen, gate, said = plan(world).seen, threading.Barrier(2), []

    def press(who, way):
        try:
            gate.wait(10)
            wordings.place_wording(point_id=world.point.pk, by=User.objects.get(pk=who), way=way, seen=seen)
            said.append("in")
        except DomainError as refusal:
            said.append(type(refusal).__name__)
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=press, args=one) for one in ((world.leader.pk, "edit"), (other.pk, "suggestion"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(said) == ["Conflict", "in"]
    assert PlacedWording.objects.count() == ChangeLink.objects.count() == 1
    assert Step.objects.filter(section=world.now).values("batch_id").distinct().count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_officer_presses_while_a_colleague_writes_in_the_section():
    """The live editor's document is the authority: whoever comes first, no letter is lost and the trail is whole."""
    world = build()
    seen, gate, said = plan(world).seen, threading.Barrier(2), []

    def press():
        try:
            gate.wait(10)
            wordings.place_wording(
                point_id=world.point.pk, by=User.objects.get(pk=world.leader.pk), way="edit", seen=seen
            )
            said.append("in")
        except Conflict:
            said.append("changed")
        finally:
            connections.close_all()

    def type_words():
        try:
            gate.wait(10)
            for _n in range(10):
                section = Section.objects.get(pk=world.now.pk)
                write(section, User.objects.get(pk=world.leader.pk), insert(place_of(section, "öppet"), "x"))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press), threading.Thread(target=type_words)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert said == ["in"], "another paragraph is being written in"
    text = words(world.now)
    assert "xxxxxxxxxxöppet" in text
    assert NEW in text
    numbers = list(Step.objects.filter(section=world.now).order_by("n").values_list("n", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))


# --- Pages -------------------------------------------------------------------------------------------


def login(client, user):
    client.force_login(user)
    return client


def address(name, *args):
    return reverse(f"consultations:{name}", args=args)


def test_the_points_page_shows_the_change_and_puts_it_in(client, case):
    login(client, case.leader)
    page = client.get(address("point", case.point.pk)).content.decode()
    assert '<ins class="diff-ins">' in page
    seen = plan(case).seen
    assert f'value="{seen}"' in page
    client.post(address("place_wording", case.point.pk), {"way": "suggestion", "seen": seen})
    page = client.get(address("point", case.point.pk)).content.decode()
    assert "Som förslag i utkastet" in page
    assert "checked" in page.split('value="accommodated"')[1].split(">")[0]
    assert not Disposition.objects.exists()
    placed = PlacedWording.objects.get()
    client.post(address("take_back_wording", placed.pk))
    assert fate(case) == ["taken_back"]


def test_the_points_page_tells_why_it_cannot_be_put_in(client, case):
    login(client, case.leader)
    answer = client.post(address("place_wording", case.point.pk), {"way": "edit", "seen": "annat"})
    assert answer.status_code == 409
    assert "har ändrats sedan sidan visades" in answer.content.decode()
    rewrite(case, "stärka tåget", "bygga ut tågen")
    page = client.get(address("point", case.point.pk)).content.decode()
    assert "Var är orden nu?" in page
    assert NEW in page


def test_saying_where_the_words_are_comes_back_to_the_point(client, case):
    login(client, case.leader)
    rewrite(case, "stärka tåget", "stärka tågen kraftigt")
    row = AnchorResolution.objects.get(anchor=case.point.anchor_id, version=case.draft)
    answer = client.post(address("confirm_words", row.pk), {"choice": "right", "synpunkt": str(case.point.pk)})
    assert answer["Location"] == f"{address('point', case.point.pk)}#lydelse"
    assert plan(case).state == "ready"


def test_the_queue_puts_in_and_comes_back_to_its_place(client, case):
    login(client, case.leader)
    page = client.get(address("points", case.round.pk) + "?kind=change").content.decode()
    assert '<ins class="diff-ins">' in page
    answer = client.post(
        address("place_wording", case.point.pk), {"put": f"edit:{plan(case).seen}", "query": "kind=change", "list": "1"}
    )
    assert answer["Location"] == f"{address('points', case.round.pk)}?kind=change#punkt-{case.point.pk}"
    assert fate(case) == ["in_text"]
    assert "I utkastets text" in client.get(address("points", case.round.pk)).content.decode()


def test_the_queue_takes_the_same_queries_for_one_wording_and_three(client, case):
    login(client, case.leader)

    def queries():
        client.get(address("points", case.round.pk))
        with CaptureQueriesContext(connection) as captured:
            client.get(address("points", case.round.pk))
        return len(captured)

    put(case, "suggestion")
    carry.resolve_anchors(version_id=case.draft.pk)
    one = queries()
    actor, person = make.other_consultee(case)
    response = responses.start_response(round_id=case.round.pk, actor_id=actor.pk, by=person)
    for quote in ("Länet ska växa", "öppet för alla", "bo och arbeta"):
        responses.add_point(
            response_id=response.pk, by=person, text="Så", kind="change", suggested_wording="annat",
            section_id=case.goal.pk, selection={"quote": quote},
        )  # fmt: skip
    responses.submit_response(response_id=response.pk, by=person)
    carry.resolve_anchors(version_id=case.draft.pk)
    assert queries() == one


@pytest.mark.parametrize("role", [Role.READER, Role.REVIEWER, Role.SECRETARY, None])
def test_addresses_are_the_officers_own(client, case, role):
    login(client, make_person(case.region, role) if role else case.editor)
    placed = put(case)
    assert client.post(address("place_wording", case.point.pk), {"way": "edit"}).status_code == 404
    assert client.post(address("take_back_wording", placed.pk)).status_code == 404
    assert client.post(address("wording_at_hand", case.point.pk)).status_code == 404


def test_the_section_is_opened_with_the_wording_at_hand(client, case):
    login(client, case.leader)
    answer = client.post(address("wording_at_hand", case.point.pk), follow=True)
    page = answer.content.decode()
    assert answer.redirect_chain[-1][0].startswith(
        reverse("strategies:draft_section", args=[case.strategy.pk, case.goal.uuid])
    )
    assert "Lydelse till hands" in page
    assert NEW in page
    client.post(reverse("strategies:put_away"), {"next": "/"})
    page = client.get(reverse("strategies:draft_section", args=[case.strategy.pk, case.goal.uuid])).content.decode()
    assert "Lydelse till hands" not in page


# --- How it looks to those who write and read it ------------------------------------------------------


def test_a_wording_is_shown_as_a_tracked_proposal_while_it_is_written(client, case):
    login(client, case.editor)
    data = {"quote": "stärka tåget", "suggested_wording": "stärka tåget\n\noch bussen"}
    page = client.post(address("track_wording"), data).content.decode()
    assert "läggs till:" in page
    assert "och bussen" in page.split("<ins")[1].split("</ins>")[0]
    same = client.post(address("track_wording"), {"words": "a  b", "suggested_wording": "a b"}).content.decode()
    assert "<ins" not in same
    assert "densamma" in same
    assert client.get(address("track_wording")).status_code == 405


def test_a_wording_is_shown_as_a_tracked_proposal_to_its_own_the_region_and_everyone(client):
    world = build()
    make.close(world)
    own = login(client, world.editor).get(address("response", world.response.pk)).content.decode()
    region = login(client, world.leader).get(address("point", world.point.pk)).content.decode()
    client.logout()
    public = client.get(address("response", world.response.pk)).content.decode()
    for page in (own, region, public):
        words = page.split('<ins class="diff-ins">')[1].split("</ins>")[0]
        assert ", bussen" in words
        assert "läggs till:" in words
