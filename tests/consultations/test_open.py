"""The public answers: by a letter's link, masked, moderated, and kept apart in every count."""

from datetime import timedelta

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse

from actors.domain.people import change_account, choose_password
from actors.models import Actor, AuditEvent, OutgoingMail, Role, User
from actors.queries.people import actors_visible_to
from actors.queries.roles import fresh
from consultations import visibility
from consultations.domain import (
    corrections,
    dispositions,
    moderation,
    openness,
    responses,
    rounds,
    settling,
    taking_part,
    throttle,
)
from consultations.forms.open import QUICKEST, SALT
from consultations.models import Invitation, Moderation, Participant, Response, Stream
from consultations.queries import listing, public_answers, streams
from consultations.queries import points as point_queries
from consultations.queries.coverage import coverage_of
from consultations.queries.responses import visible_responses
from rus_platform.kit import clock
from rus_platform.kit.errors import Forbidden, Invalid, NotFound, TooOften, WrongState
from strategies.domain.register import add_known_to_register
from strategies.queries.register import known_elsewhere
from tests.factories import consultations as make
from tests.factories.actors import make_person, make_region
from tests.factories.threads import together

pytestmark = pytest.mark.django_db
NAME, MAIL = "Eva Hemlig", "eva.hemlig@hemma.example"


@pytest.fixture(autouse=True)
def _own_hour(settings):
    """Each test counts for itself."""
    settings.SECRET_KEY = f"{settings.SECRET_KEY}{next(make.NUMBERS)}"


@pytest.fixture
def world():
    world = make.make_open_round()
    make.open_to_public(world)
    return world


def signed_in(user):
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


# --- asking and confirming -------------------------------------------------------------------
def test_it_is_off_until_the_round_says_so():
    world = make.make_open_round()
    with pytest.raises(WrongState):
        make.ask(world)
    assert Client().get(reverse("consultations:take_part", args=[world.round.pk])).status_code == 409


def test_a_letters_link_lets_in_and_names_nobody(world):
    user, response = make.take_part(world, email=MAIL)
    participant = Participant.objects.get()
    assert (participant.name, participant.email) == (NAME, MAIL)
    assert response.stream == Stream.PUBLIC
    assert response.actor.name == user.name == "Privatperson, Sago98kommun 2"
    assert user.guest
    assert not user.has_usable_password()
    assert not user.email.endswith("hemma.example")
    assert not AuditEvent.objects.filter(by_name__contains="Hemlig").exists()
    assert not AuditEvent.objects.filter(object_label__contains="Hemlig").exists()


def test_a_group_is_named():
    world = make.make_open_round()
    make.open_to_public(world)
    _user, response = make.take_part(world, kind="group", organisation="Bänkvännerna")
    assert response.actor.name == "Bänkvännerna"


def test_a_scanner_that_opens_the_link_confirms_nothing(world):
    token = make.ask(world)
    client = Client()
    for _turn in range(3):
        assert client.get(f"/delta/{token}/").status_code == 200
        assert client.head(f"/delta/{token}/").status_code == 200
    assert not Response.objects.exists()
    assert Participant.objects.get().confirmed_at is None
    assert client.post(f"/delta/{token}/").status_code == 302
    assert Response.objects.count() == 1


def test_confirming_again_leads_to_the_same_answer(world):
    token = make.ask(world)
    first = taking_part.confirm_participant(token=token)
    assert taking_part.confirm_participant(token=token) == first
    assert (Actor.objects.filter(kind="private_person").count(), User.objects.filter(guest=True).count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_confirming_twice_at_once():
    world = make.make_open_round()
    make.open_to_public(world)
    token = make.ask(world)
    results = together(*[lambda: taking_part.confirm_participant(token=token)] * 2)
    assert results[0] == results[1]
    assert Response.objects.filter(stream="public").count() == 1


def test_asking_again_ends_the_old_link_and_keeps_the_confirmed_name(world):
    old = make.ask(world, email=MAIL)
    taking_part.confirm_participant(token=old)
    new = make.ask(world, email=MAIL, name="Någon Annan")
    with pytest.raises(NotFound):
        taking_part.participant_of(old)
    assert taking_part.participant_of(new).name == NAME


def test_unconfirmed_links_end_and_the_names_are_forgotten(world):
    token = make.ask(world, email=MAIL)
    with clock.travel(clock.now() + timedelta(days=4)):
        with pytest.raises(WrongState):
            taking_part.confirm_participant(token=token)
        make.ask(world)
    assert not Participant.objects.filter(email=MAIL).exists()


def test_nothing_is_confirmed_or_changed_after_the_hour(world):
    waiting = make.ask(world)
    user, response = make.take_part(world)
    make.close(world)
    with pytest.raises(WrongState):
        taking_part.confirm_participant(token=waiting)
    with pytest.raises(WrongState):
        responses.add_point(response_id=response.pk, by=user, text="För sent")
    with pytest.raises(WrongState):
        make.ask(world)


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"kind": "king"}, {"kind"}),
        ({"name": " \x00 "}, {"name"}),
        ({"email": "eva(at)hemma"}, {"email"}),
        ({"email": "a@b.se\nBcc: c@d.se"}, {"email"}),
        ({"kind": "group"}, {"organisation"}),
        ({"municipality": "XXXX"}, {"municipality"}),
        ({"kind": "king", "name": "", "email": ""}, {"kind", "name", "email"}),
    ],
)
def test_what_is_wrong_is_said_all_at_once(world, changes, fields):
    with pytest.raises(Invalid) as refusal:
        make.ask(world, **changes)
    assert set(refusal.value.fields) == fields
    assert not Participant.objects.exists()


# --- brakes -------------------------------------------------------------------------------------
def letters(to):
    return OutgoingMail.objects.filter(to=to, key__startswith="take-part:").count()


def test_a_mailbox_gets_three_letters_an_hour_and_the_answer_is_the_same(world):
    for _turn in range(5):
        make.ask(world, email=MAIL)
    assert letters(MAIL) == throttle.MOST_PER_MAILBOX
    with clock.travel(clock.now() + timedelta(hours=1)):
        make.ask(world, email=MAIL)
    assert letters(MAIL) == throttle.MOST_PER_MAILBOX + 1


def test_a_neighbourhood_has_to_wait(world):
    for n in range(throttle.MOST_PER_PLACE):
        make.ask(world, place=f"198.51.100.{n}")
    with pytest.raises(TooOften):
        make.ask(world, place="198.51.100.250")
    make.ask(world, place="203.0.113.9")  # others are not disturbed
    with clock.travel(clock.now() + timedelta(hours=1)):
        make.ask(world, place="198.51.100.1")


def test_a_burst_to_one_mail_domain_has_to_wait(world, monkeypatch):
    monkeypatch.setattr(throttle, "MOST_PER_DOMAIN", 3)
    for n in range(3):
        make.ask(world, email=f"a{n}@en.example", place=f"2001:db8:{n}::1")
    with pytest.raises(TooOften):
        make.ask(world, email="b@en.example", place="2001:db8:99::1")
    make.ask(world, email="b@annan.example", place="2001:db8:99::1")


@pytest.mark.parametrize(
    ("place", "network"),
    [("198.51.100.77", "198.51.100.0/24"), ("2001:db8:1:2::5", "2001:db8:1::/48"), ("x", "unknown"), ("", "unknown")],
)
def test_only_the_neighbourhood_is_counted(place, network):
    assert throttle.neighbourhood(place) == network


def form(world, seconds=60, **changes):
    shown = signing.dumps(clock.now().timestamp() - seconds, salt=SALT)
    facts = {"kind": "person", "name": NAME, "email": MAIL, "municipality": "", "website": "", "shown_at": shown}
    return reverse("consultations:take_part", args=[world.round.pk]), {**facts, **changes}


def test_the_form_sends_a_letter(world):
    answer = Client().post(*form(world))
    assert (answer.status_code, letters(MAIL)) == (302, 1)
    assert Client().get(answer["Location"]).status_code == 200


@pytest.mark.parametrize(
    "changes",
    [{"seconds": QUICKEST - 1}, {"seconds": 25 * 3600}, {"shown_at": ""}, {"shown_at": "x:y:z"}, {"shown_at": signing.dumps("när", salt=SALT)}],
)  # fmt: skip
def test_too_quick_or_too_old_a_form_is_asked_to_press_again(world, changes):
    answer = Client().post(*form(world, **changes))
    assert (answer.status_code, letters(MAIL)) == (422, 0)
    assert NAME in answer.content.decode()


def test_the_trap_tells_a_machine_nothing(world):
    answer = Client().post(*form(world, website="https://kop.example"))
    assert (answer.status_code, letters(MAIL)) == (302, 0)
    assert not Participant.objects.exists()


def test_too_often_is_a_page_in_words(world):
    for n in range(throttle.MOST_PER_PLACE):
        make.ask(world, place=f"127.0.0.{n}")
    answer = Client().post(*form(world))
    assert answer.status_code == 429
    assert "Vänta en timme" in answer.content.decode()


@pytest.mark.parametrize(
    "words", ["<script>alert(1)</script>", "\x00", "'; DROP TABLE", "x" * 100_000, "{{ 7|add:7 }}", "‮"]
)
def test_hostile_words_do_no_harm(world, words):
    address, sent = form(world)
    for field in ("kind", "name", "organisation", "municipality", "email", "shown_at", "website"):
        answer = Client().post(address, {**sent, field: words})
        assert answer.status_code in (302, 422), field
        assert "<script>alert(1)" not in answer.content.decode()


# --- handing in and moderation --------------------------------------------------------------------
def test_nothing_is_handed_in_without_consent(world):
    user, response = make.take_part(world)
    with pytest.raises(Invalid) as refusal:
        responses.submit_response(response_id=response.pk, by=user)
    assert set(refusal.value.fields) == {"consent"}
    client = signed_in(user)
    address = reverse("consultations:hand_in_public", args=[response.pk])
    assert client.post(address, {}).status_code == 422
    assert client.post(address, {"consent": "on"}).status_code == 302
    response.refresh_from_db()
    assert (response.state, response.number, response.moderation.state) == ("submitted", 1, "waiting")
    receipt = OutgoingMail.objects.get(key__startswith="receipt:")
    assert receipt.to == Participant.objects.get().email
    assert response.sha256 in receipt.text


@pytest.mark.django_db(transaction=True)
def test_handed_in_twice_at_once():
    world = make.make_open_round()
    make.open_to_public(world)
    user, response = make.take_part(world)
    taking_part.give_consent(response_id=response.pk, by=user)
    again = User.objects.get(pk=user.pk)
    results = together(
        *[lambda who=who: responses.submit_response(response_id=response.pk, by=who) for who in (user, again)]
    )
    assert sorted(type(result).__name__ for result in results) == ["Response", "WrongState"]
    assert Moderation.objects.count() == 1


def test_publish_and_hold_back(world):
    _user, response = make.take_part(world, submit=True, email=MAIL)
    officer = make_person(world.region, Role.EDITOR)
    with pytest.raises(Forbidden):
        moderation.publish_answer(response_id=response.pk, by=world.editor)
    for reason in ("", " \x00", "x" * 2_001):
        with pytest.raises(Invalid):
            moderation.hold_back(response_id=response.pk, by=officer, reason=reason)
    moderation.hold_back(response_id=response.pk, by=officer, reason="Namnger en granne.")
    moderation.publish_answer(response_id=response.pk, by=officer)
    with pytest.raises(WrongState):
        moderation.publish_answer(response_id=response.pk, by=officer)
    told = [letter.text for letter in OutgoingMail.objects.filter(key__startswith="moderated:").order_by("pk")]
    assert len(told) == 2
    assert "Namnger en granne." in told[0]
    assert list(AuditEvent.objects.filter(verb__in=["hold_back", "publish_answer"]).values_list("verb", flat=True).order_by("pk")) == [
        "hold_back",
        "publish_answer",
    ]  # fmt: skip
    original = Response.objects.get(pk=response.pk)
    assert original.sha256 == response.sha256


@pytest.mark.django_db(transaction=True)
def test_moderated_by_two_at_once():
    world = make.make_open_round()
    make.open_to_public(world)
    _user, response = make.take_part(world, submit=True)
    officers = [make_person(world.region, Role.EDITOR) for _n in range(2)]
    results = together(*[lambda by=by: moderation.publish_answer(response_id=response.pk, by=by) for by in officers])
    assert sorted(type(result).__name__ for result in results) == ["Moderation", "WrongState"]


PEOPLE = (
    "author",
    "officer",
    "leader",
    "region_reader",
    "consultee",
    "other_guest",
    "other_region",
    "outsider",
    "anonymous",
)
REGION = {"officer", "leader", "region_reader"}
STATES = {
    "drafting": {"author"},
    "waiting": {"author"} | REGION,
    "published_open": {"author"} | REGION,
    "published_closed": set(PEOPLE),
    "published_never": {"author"} | REGION,
    "held_closed": {"author"} | REGION,
    "waiting_closed": {"author"} | REGION,
}


@pytest.mark.parametrize("state", STATES)
def test_who_sees_what(state):
    """Person x state x content: the answer, the name and the address behind it, the reason it was held back."""
    world = make.make_open_round(public_when="never" if state.endswith("never") else "closed")
    make.open_to_public(world, public_when=world.round.public_when)
    author, response = make.take_part(world, email=MAIL, submit=state != "drafting")
    officer = make_person(world.region, Role.EDITOR)
    if state.startswith("published"):
        moderation.publish_answer(response_id=response.pk, by=officer)
    if state.startswith("held"):
        moderation.hold_back(response_id=response.pk, by=officer, reason="SKÄLET")
    persons = {
        "author": author, "officer": officer, "leader": world.leader,
        "region_reader": make_person(world.region, Role.READER), "consultee": world.editor,
        "other_guest": make.take_part(world)[0], "other_region": make_person(make_region("97"), Role.LEADER),
        "outsider": make_person(), "anonymous": None,
    }  # fmt: skip
    if state.endswith(("closed", "never")):
        make.close(world)
    response = Response.objects.select_related("actor", "round__version__strategy__owner").get(pk=response.pk)
    reached, named, reasons, listed, moderated = set(), set(), set(), set(), set()
    for name, person in persons.items():
        client = signed_in(person) if person else Client()
        page = client.get(reverse("consultations:response", args=[response.pk]))
        if page.status_code == 200:
            reached.add(name)
        pages = [page, client.get(reverse("consultations:round", args=[world.round.pk]))]
        pages.append(client.get(reverse("consultations:read", args=[response.pk]), follow=True))
        pages.append(client.get(f"/strategier/{world.strategy.pk}/historik/", follow=True))
        pages.append(client.get(reverse("actors:list"), follow=True))
        moderation_page = client.get(reverse("consultations:moderate", args=[response.pk]), follow=True)
        answers_page = client.get(reverse("consultations:public_answers", args=[world.round.pk]), follow=True)
        if moderation_page.status_code == 200 and "Granskning" in moderation_page.content.decode():
            moderated.add(name)
        text = "".join(each.content.decode() for each in [*pages, moderation_page, answers_page])
        if NAME in text or MAIL in text:
            named.add(name)
        if "SKÄLET" in pages[0].content.decode():
            reasons.add(name)
        if person and visible_responses(world.fresh(), fresh(person)).filter(pk=response.pk).exists():
            listed.add(name)
    assert reached == STATES[state]
    assert listed == STATES[state] - {"anonymous"}
    handed_in = state != "drafting"
    assert named == (REGION if handed_in else set())
    assert reasons == ({"author"} | REGION if state == "held_closed" else set())
    assert moderated == ({"officer", "leader"} if handed_in else set())


# --- apart in every count --------------------------------------------------------------------------
def test_the_public_is_in_no_count_of_the_consultees(world):
    _user, response = make.take_part(world, submit=True, points=2)
    moderation.publish_answer(response_id=response.pk, by=world.leader)
    draft = make.start(world)
    make.write(world, draft, points=3)
    theirs = make.submit(world, draft)
    assert (theirs.number, response.number) == (1, 1)  # each stream has its own numbers
    assert (
        sum(group.count for group in coverage_of(world.round)) == Invitation.objects.filter(round=world.round).count()
    )
    assert listing.public_rounds(over=False).get(pk=world.round.pk).answered == 1
    assert point_queries.counts(world.round)["total"] == 3
    assert point_queries.counts(world.round, ["public"])["total"] == 2
    assert set(point_queries.submitted_points(world.round).values_list("response__stream", flat=True)) == {"consultee"}
    assert public_answers.counts(world.round) == {"total": 1, "drafting": 0, "waiting": 0, "published": 1, "held": 0}
    officer = signed_in(world.leader)
    address = reverse("consultations:points", args=[world.round.pk])
    assert "Allmän synpunkt 1" not in officer.get(address).content.decode()
    assert "Allmän synpunkt 1" in officer.get(f"{address}?stream=public").content.decode()
    tabs = {tab.stream: tab.count for tab in streams.tabs(world.fresh())}
    assert tabs == {"": 3, "public": 2}
    shown = officer.get(f"{address}?stream=public").content.decode()
    assert 'name="stream" value="public"' in shown, "a filter keeps to the stream"
    assert "räknas för sig" in shown
    rounds.close_round(round_id=world.round.pk, by=world.leader)
    assert AuditEvent.objects.filter(verb="close_round").latest("pk").data["submitted"] == 1


def test_points_that_are_not_published_are_no_work(world):
    _user, waiting = make.take_part(world, submit=True)
    assert point_queries.counts(world.round, ["public"])["total"] == 0
    assert settling.undecided_points(world.round).count() == 0
    moderation.hold_back(response_id=waiting.pk, by=world.leader, reason="Reklam.")
    assert settling.undecided_points(world.round).count() == 0


def test_settling_waits_for_moderation_and_for_the_publics_points(world):
    _user, response = make.take_part(world, submit=True, email=MAIL)
    make.close(world)
    with pytest.raises(WrongState, match="granskat"):
        rounds.settle_round(round_id=world.round.pk, by=world.leader)
    moderation.publish_answer(response_id=response.pk, by=world.leader)
    with pytest.raises(WrongState, match="en synpunkt har"):
        rounds.settle_round(round_id=world.round.pk, by=world.leader)
    dispositions.decide_point(point_id=response.points.get().pk, by=world.leader, decision="noted", reason="")
    rounds.settle_round(round_id=world.round.pk, by=world.leader)
    assert OutgoingMail.objects.get(key__startswith="settled:").to == MAIL


def test_passing_actors_stand_in_no_register(world):
    user, response = make.take_part(world)
    assert not actors_visible_to(world.leader).filter(pk=response.actor_id).exists()
    assert list(actors_visible_to(user)) == []
    assert known_elsewhere(world.strategy, "Privatperson") == []
    with pytest.raises(NotFound):
        add_known_to_register(strategy_id=world.strategy.pk, by=world.leader, actor_id=response.actor_id)
    for verb in (
        lambda: change_account(by=user, name="Jag", title=""),
        lambda: choose_password(user_id=user.pk, password="en-lang-losenfras-till"),
    ):
        with pytest.raises(NotFound):
            verb()


# --- openness --------------------------------------------------------------------------------------
def test_set_openness_is_the_leaders_and_is_logged():
    world = make.make_open_round()
    officer = make_person(world.region, Role.EDITOR)
    with pytest.raises(Forbidden):
        openness.set_openness(round_id=world.round.pk, by=officer, open_to_public=True, public_when="closed")
    with pytest.raises(Invalid):
        openness.set_openness(round_id=world.round.pk, by=world.leader, open_to_public=True, public_when="nu")
    make.open_to_public(world)
    make.open_to_public(world)  # the same again is no event
    events = AuditEvent.objects.filter(verb="set_openness")
    assert [event.data["changed"] for event in events] == [{"open_to_public": [False, True]}]


def test_what_everyone_has_read_is_not_made_secret():
    world, _response = make.make_submitted()
    make.close(world)
    with pytest.raises(WrongState):
        openness.set_openness(round_id=world.round.pk, by=world.leader, open_to_public=False, public_when="never")


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_a_constant_number_of_questions(rows, world, django_assert_num_queries):
    for _n in range(rows):
        make.take_part(world, submit=True)
    client = signed_in(world.leader)
    with django_assert_num_queries(8):
        client.get(reverse("consultations:public_answers", args=[world.round.pk]))


def test_the_rule_of_consent_and_the_clock_agree(world):
    _user, response = make.take_part(world)
    response = Response.objects.select_related("round").get(pk=response.pk)
    assert visibility.takes_response(response)
    assert not visibility.takes_response(response, world.round.closes_at + timedelta(seconds=1))


def test_corrected_until_the_closing_and_looked_at_anew(world):
    user, response = make.take_part(world, submit=True)
    moderation.publish_answer(response_id=response.pk, by=world.leader)
    again = corrections.start_correction(response_id=response.pk, by=user)
    responses.add_point(response_id=again.pk, by=user, text="Rättat")
    again = responses.submit_response(response_id=again.pk, by=user)
    assert (again.stream, again.number, again.moderation.state) == ("public", response.number, "waiting")
    assert public_answers.counts(world.round)["total"] == 1
    make.close(world)
    for row in (response, again):  # neither the one that is replaced nor the one that waits
        assert Client().get(reverse("consultations:response", args=[row.pk])).status_code == 404
    moderation.publish_answer(response_id=again.pk, by=world.leader)
    assert Client().get(reverse("consultations:response", args=[again.pk])).status_code == 200
    with pytest.raises(WrongState):
        corrections.start_correction(response_id=again.pk, by=user)
