"""Preparing a round: kinds, copies, questions per goal, saved lists, whole counties, a test letter."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from actors.models import OutgoingMail, Role
from actors.queries.roles import fresh
from consultations import visibility
from consultations.domain import copying, invitations, lists, meetings, questions, reminders, responses, rounds, testing
from consultations.models import ConsultationRound, DistributionList, Question
from consultations.queries.responses import questions_in_series
from rus_platform.kit import clock
from rus_platform.kit.errors import Conflict, Forbidden, Invalid, NotFound, WrongState
from strategies.domain import versions
from strategies.models import AccessGrant
from strategies.queries.publications import road_to
from strategies.queries.rounds_told import rounds_told
from strategies.states import TextStatus
from tests.factories import consultations as make
from tests.factories.actors import make_municipality, make_organisation, make_person, make_region
from tests.factories.strategies import make_strategy, working_version
from tests.factories.threads import together

pytestmark = pytest.mark.django_db


def signed_in(person):
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def url(name, *args):
    return reverse(f"consultations:{name}", args=args)


# --- Kinds


def of_kind(world, kind):
    ConsultationRound.objects.filter(pk=world.round.pk).update(kind=kind)


@pytest.mark.parametrize(
    ("kind", "public"), [("early", True), ("consultation", True), ("referral", True), ("sharing", False)]
)
def test_what_a_kind_means_for_openness(kind, public):
    world = make.make_round(kind=kind)
    rounds.open_round(round_id=world.round.pk, by=world.leader)
    round_ = world.fresh()
    assert visibility.is_public_round(round_) is public
    assert AccessGrant.objects.filter(version=world.version, public=True).exists() is public
    page = url("round", round_.pk)
    assert Client().get(page).status_code == (200 if public else 404)
    assert (round_.title in Client().get(url("list")).content.decode()) is public
    for person in (world.leader, world.editor):
        assert signed_in(person).get(page).status_code == 200
    assert signed_in(make_person()).get(page).status_code == (200 if public else 404)


@pytest.mark.parametrize("state", ["preparing", "open", "closed", "settled"])
def test_a_shared_draft_is_told_of_nowhere_in_public(state):
    """Whatever its state: no page, list, feed, calendar or history that everyone may read says that it exists."""
    title = "HEMLIG DELNING"
    world = make.make_round(kind="sharing", title=title, public_when="closed")
    meeting = meetings.plan_meeting(
        round_id=world.round.pk, by=world.leader, title=title, host="own", starts_at=clock.now() + timedelta(days=3),
        ends_at=None,
    )  # fmt: skip
    meetings.publish_meeting(meeting_id=meeting.pk, by=world.leader, public=True)
    if state != "preparing":
        rounds.open_round(round_id=world.round.pk, by=world.leader)
        make.submit(world, write_one(world))
    if state in ("closed", "settled"):
        make.close(world)
    if state == "settled":
        make.settle(world)
    pk, everyone, outsider = world.round.pk, Client(), signed_in(make_person())
    own = [
        url(name, pk) for name in ("round", "public_round", "round_feed", "take_part", "meetings", "points", "coverage")
    ]
    own.append(url("calendar", meeting.pk))
    lists = ["/", url("list"), url("rounds_feed"), reverse("strategies:published")]
    for reader in (everyone, outsider):
        for page in own:
            answer = reader.get(page)
            assert answer.status_code in (302, 403, 404), page
            assert title not in answer.content.decode(), page
        for page in lists:
            assert title not in reader.get(page).content.decode(), page
    assert [fact for fact in road_to(world.version) if fact.outcome] == [], "the public history of the strategy"
    assert AccessGrant.objects.filter(version=world.version, public=True).count() == 0
    assert {row.title for row in rounds_told(world.strategy)} == (set() if state == "preparing" else {title})
    history = signed_in(world.leader).get(reverse("strategies:history", args=[world.strategy.pk])).content.decode()
    assert (f'href="/samrad/{pk}/">{title}' in history) is (state != "preparing"), (
        "the region's own history has the link"
    )


def write_one(world):
    response = make.start(world)
    make.write(world, response)
    response.refresh_from_db()
    return response


def test_old_rounds_are_linked_from_the_history_of_the_strategy():
    world = make.make_open_round()
    make.close(world)
    make.settle(world)
    page = signed_in(world.leader).get(reverse("strategies:history", args=[world.strategy.pk])).content.decode()
    assert f'<a href="/samrad/{world.round.pk}/">{world.fresh().title}</a>' in page
    assert "avslutades" in page


def test_answers_to_a_shared_draft_are_never_published_here():
    world, response = make.make_submitted(kind="sharing", public_when="closed")
    make.close(world)
    page = url("response", response.pk)
    other = make_person(make_municipality("98", 3), Role.EDITOR)
    assert Client().get(page).status_code == 404
    assert signed_in(other).get(page).status_code == 404
    assert signed_in(world.leader).get(page).status_code == 200
    make.settle(world)
    assert Client().get(page).status_code == 404


def test_a_text_shared_for_comments_is_not_consulted_on_in_public():
    world = make.make_round()
    draft = working_version(make_strategy(world.region, by=world.leader))
    shared = versions.freeze_version(version_id=draft.pk, by=world.leader, label="Utkast 2", status=TextStatus.SHARED)
    for kind in ("early", "consultation", "referral", "magic"):
        with pytest.raises(Invalid) as caught:
            rounds.create_round(version_id=shared.pk, title="Remiss", kind=kind, by=world.leader)
        assert set(caught.value.fields) == {"kind"}
    made = rounds.create_round(version_id=shared.pk, title="Underhand", kind="sharing", by=world.leader)
    with pytest.raises(Invalid):
        make.describe(made, by=world.leader, kind="referral")


# --- Copies


def test_copy_takes_letter_questions_list_and_not_the_times():
    world = make.make_round(kind="referral", public_when="settled", remind_days=[10])
    questions.add_question(
        round_id=world.round.pk,
        by=world.leader,
        text="Hur viktigt?",
        kind="scale",
        of=[world.goal.pk, world.subgoal.pk],
    )
    make.other_consultee(world)
    world.round.invitations.update(email="egen@sago.example")
    rounds.open_round(round_id=world.round.pk, by=world.leader)
    copy = copying.copy_round(round_id=world.round.pk, version_id=world.version.pk, title="Andra", by=world.leader)
    assert (copy.kind, copy.public_when, copy.remind_days, copy.cover_letter) == (
        "referral",
        "settled",
        [10],
        "Vi vill veta vad ni tycker.",
    )
    assert (copy.opens_at, copy.closes_at, copy.state, copy.copied_from) == (None, None, "preparing", world.round)
    words = [(asked.question.text, len(asked.sections)) for asked in questions_in_series(copy)]
    assert words == [("Vad saknas?", 0), ("Vilket är viktigast?", 0), ("Hur bra är analysen?", 0), ("Hur viktigt?", 2)]
    assert set(copy.invitations.values_list("actor_id", "email", "invited_at")) == {
        (row.actor_id, "egen@sago.example", None) for row in world.round.invitations.all()
    }


def test_copy_to_the_next_version_asks_of_the_goals_that_are_still_there():
    world = make.make_open_round()
    copy_of = rounds.create_round(version_id=world.version.pk, title="Första", by=world.leader)
    questions.add_question(
        round_id=copy_of.pk, by=world.leader, text="Hur viktigt?", kind="scale", of=[world.goal.pk, world.subgoal.pk]
    )
    draft = make.next_draft(world)
    again = versions.freeze_version(version_id=draft.pk, by=world.leader, label="Samrådsversion 2")
    copy = copying.copy_round(round_id=copy_of.pk, version_id=again.pk, title="Andra", by=world.leader)
    (asked,) = questions_in_series(copy)
    assert [section.version_id for section in asked.sections] == [again.pk, again.pk]


def test_copy_is_for_those_who_may_prepare_both():
    world = make.make_round()
    other = make.make_round("97")
    for person in (world.editor, make_person(world.region, Role.SECRETARY), other.leader):
        with pytest.raises(Forbidden):
            copying.copy_round(round_id=world.round.pk, version_id=other.version.pk, title="X", by=fresh(person))


# --- Questions per goal


def test_a_question_of_goals_is_asked_of_each_and_moves_as_one():
    world = make.make_round()
    first = questions.add_question(
        round_id=world.round.pk,
        by=world.leader,
        text="Hur viktigt?",
        kind="scale",
        of=[world.subgoal.pk, world.goal.pk],
    )
    rows = list(world.round.questions.filter(text="Hur viktigt?"))
    assert [row.section for row in rows] == [world.goal, world.subgoal]  # in the order of the text
    questions.move_question(question_id=rows[1].pk, up=True, by=world.leader)
    order = [(row.text, row.section_id) for row in world.round.questions.all()]
    assert order[2:] == [
        ("Hur viktigt?", world.goal.pk),
        ("Hur viktigt?", world.subgoal.pk),
        ("Hur bra är analysen?", None),
    ]
    with pytest.raises(Invalid) as caught:
        questions.add_question(round_id=world.round.pk, by=world.leader, text="A", kind="free", of=[987654])
    assert set(caught.value.fields) == {"of"}
    questions.remove_question(question_id=first.pk, by=world.leader)
    assert not Question.objects.filter(text="Hur viktigt?").exists()


def test_a_question_of_goals_is_answered_goal_by_goal():
    world = make.make_round()
    questions.add_question(
        round_id=world.round.pk,
        by=world.leader,
        text="Hur viktigt?",
        kind="scale",
        of=[world.goal.pk, world.subgoal.pk],
    )
    rounds.open_round(round_id=world.round.pk, by=world.leader)
    response = make.start(world)
    for row, value in zip(world.round.questions.filter(text="Hur viktigt?"), ("5", "2"), strict=True):
        responses.save_answer(response_id=response.pk, question_id=row.pk, by=world.editor, value=value, revision=0)
    words = signed_in(world.editor).get(url("answers", response.pk)).content.decode()
    assert world.goal.title in words and world.subgoal.title in words
    make.submit(world, response)
    shown = signed_in(world.leader).get(url("response", response.pk)).content.decode()
    assert shown.index(world.goal.title) < shown.index(world.subgoal.title)


# --- Lists


def test_save_use_update_and_remove_a_list():
    world = make.make_round(municipalities=4)
    make.other_consultee(world)
    world.round.invitations.filter(actor=world.municipality).update(email="egen@sago.example")
    kept = lists.save_list(round_id=world.round.pk, name=" Alla  kommuner ", by=world.leader)
    assert (kept.name, kept.contacts.count()) == ("Alla kommuner", 2)
    with pytest.raises(Conflict):
        lists.save_list(round_id=world.round.pk, name="alla kommuner", by=world.leader)
    with pytest.raises(Invalid):
        lists.save_list(round_id=world.round.pk, name=" ", by=world.leader)
    second = rounds.create_round(version_id=world.version.pk, title="Nästa", by=world.leader)
    assert len(lists.use_list(round_id=second.pk, list_id=kept.pk, by=world.leader)) == 2
    assert lists.use_list(round_id=second.pk, list_id=kept.pk, by=world.leader) == []
    assert second.invitations.get(actor=world.municipality).email == "egen@sago.example"
    invitations.invite_actors(round_id=second.pk, actor_ids=[make_municipality("98", 4).pk], by=world.leader)
    lists.save_list(round_id=second.pk, name="", list_id=kept.pk, by=world.leader)
    assert kept.contacts.count() == 3
    lists.remove_list(round_id=second.pk, list_id=kept.pk, by=world.leader)
    assert not DistributionList.objects.exists()
    assert second.invitations.count() == 3


def test_a_list_reaches_another_strategy_and_brings_its_organisations_along():
    world = make.make_round()
    stranger = make_organisation(email="m@sago.example")
    kept = lists.save_list(round_id=world.round.pk, name="Lista", by=world.leader)
    kept.contacts.create(actor=stranger)
    lists.use_list(round_id=world.round.pk, list_id=kept.pk, by=world.leader)
    assert world.strategy.taking_part.filter(actor=stranger).exists()
    assert world.round.invitations.get(actor=stranger).email == "m@sago.example"


def test_lists_are_the_regions_own():
    world, other = make.make_round(), make.make_round("97")
    kept = lists.save_list(round_id=world.round.pk, name="Lista", by=world.leader)
    with pytest.raises(NotFound):
        lists.use_list(round_id=other.round.pk, list_id=kept.pk, by=other.leader)
    with pytest.raises(Forbidden):
        lists.use_list(round_id=world.round.pk, list_id=kept.pk, by=other.leader)
    assert "Lista" not in signed_in(other.leader).get(url("distribution", other.round.pk)).context["lists"]


@pytest.mark.django_db(transaction=True)
def test_save_a_list_twice_at_once():
    world = make.make_round()
    save = lambda: lists.save_list(round_id=world.round.pk, name="Lista", by=fresh(world.leader))  # noqa: E731
    results = together(save, save)
    assert [type(result).__name__ for result in results if isinstance(result, Exception)] == ["Conflict"]


def test_a_whole_county_in_one_click_and_the_lists_by_the_page():
    world = make.make_round(municipalities=5)
    client = signed_in(world.leader)
    page = url("distribution", world.round.pk)
    shown = client.get(page).context["counties"]
    assert [(row["code"], row["count"]) for row in shown] == [("98", 5)]  # four municipalities and the county board
    client.post(page, {"county": "98"})
    assert world.round.invitations.count() == 6
    assert not world.round.invitations.filter(actor=world.region).exists()
    client.post(url("saved_lists", world.round.pk), {"what": "save", "name": "Länet"})
    kept = DistributionList.objects.get()
    second = rounds.create_round(version_id=world.version.pk, title="Nästa", by=world.leader)
    client.post(url("saved_lists", second.pk), {"what": "use", "list": kept.pk})
    assert second.invitations.count() == 6
    client.post(url("saved_lists", second.pk), {"what": "remove", "list": kept.pk})
    assert not DistributionList.objects.exists()


# --- A test letter


def test_a_test_letter_goes_to_oneself_and_lets_nobody_in():
    world = make.make_round()
    testing.send_test(round_id=world.round.pk, by=world.leader)
    testing.send_test(round_id=world.round.pk, by=world.leader)  # a double press
    letter = OutgoingMail.objects.get()
    assert letter.to == world.leader.email
    assert letter.subject.startswith("PROV: ") and "Vi vill veta vad ni tycker." in letter.text
    assert "/inbjudan/" not in letter.text
    with pytest.raises(Forbidden):
        testing.send_test(round_id=world.round.pk, by=world.editor)
    make.describe(world.fresh(), by=world.leader, cover_letter="")
    with pytest.raises(Invalid):
        testing.send_test(round_id=world.round.pk, by=world.leader)
    make.describe(world.fresh(), by=world.leader)
    rounds.open_round(round_id=world.round.pk, by=world.leader)
    with pytest.raises(WrongState):
        testing.send_test(round_id=world.round.pk, by=world.leader)


def test_new_round_by_the_page_from_an_earlier_one():
    world = make.make_round()
    client = signed_in(world.leader)
    page = url("new_round", world.version.pk)
    assert client.post(page, {"title": "", "kind": "referral"}).status_code == 422
    assert client.post(page, {"title": "A", "kind": "referral", "earlier": "987654"}).status_code == 422
    client.post(page, {"title": "Ny remiss", "kind": "referral", "earlier": str(world.round.pk)})
    made = ConsultationRound.objects.get(title="Ny remiss")
    assert (made.copied_from, made.questions.count(), made.invitations.count()) == (world.round, 3, 1)
    other = make_region("97")
    assert other.name not in client.get(page).content.decode()


def test_reminder_days_by_the_page():
    world = make.make_round()
    client = signed_in(world.leader)
    fields = {
        "title": "Remiss", "kind": "referral", "cover_letter": "Brev", "closes_at": "2040-07-01T12:00", "public_when": "closed",
    }  # fmt: skip
    for days, wanted in [("21, 7;1", [21, 7, 1]), ("", []), (" 5 5 ", [5])]:
        client.post(url("prepare", world.round.pk), fields | {"remind_days": days, "revision": world.fresh().revision})
        assert world.fresh().remind_days == wanted
    for days in ("fjorton", "-3", "0", "9999"):
        wrong = client.post(
            url("prepare", world.round.pk), fields | {"remind_days": days, "revision": world.fresh().revision}
        )
        assert wrong.status_code == 422 and days in wrong.content.decode()
    assert world.fresh().remind_days == [5]
    rounds.open_round(round_id=world.round.pk, by=world.leader)
    assert client.post(url("remind", world.round.pk), {"schema": "", "remind_days": "30"}).status_code == 302
    assert world.fresh().remind_days == [30]
    assert client.post(url("remind", world.round.pk)).status_code == 302
    assert client.post(url("remind", world.round.pk)).status_code == 422  # a double press
    assert len(reminders.missing(world.round.invitations.all())) == 1
