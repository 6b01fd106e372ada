"""The coverage board: states, marks, names behind each number, as it changes; bounces; addresses; pages."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actors.domain.bounces import note_bounce
from actors.models import Notification, OutgoingMail, Role
from consultations.domain import bounced, extensions, invitations, responses, rounds
from consultations.models import ConsultationRound, Invitation
from consultations.queries import coverage
from consultations.tasks import remind
from rus_platform.kit import clock
from rus_platform.kit.errors import Forbidden, WrongState
from tests.factories import consultations as make
from tests.factories.actors import make_municipality, make_person

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def signed_in(person):
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def url(name, *args):
    return reverse(f"consultations:{name}", args=args)


def board(world, **chosen):
    return {
        group.state: [row.actor for row in group.invitations] for group in coverage.coverage_of(world.fresh(), **chosen)
    }


def answer(world, number, kind):
    actor, person = make.other_consultee(world, number)
    response = responses.start_response(round_id=world.round.pk, actor_id=actor.pk, by=person)
    responses.save_summary(response_id=response.pk, by=person, revision=0, summary="Ja", kind=kind, own_case_number="")
    responses.submit_response(response_id=response.pk, by=person)
    return actor


def test_every_state_has_its_names():
    world = make.make_open_round(municipalities=8)
    names = {"answer": "submitted", "no_objection": "no_objection", "declines": "declined"}
    expected = {state: [answer(world, number, kind)] for number, (kind, state) in enumerate(names.items(), 2)}
    actor, person = make.other_consultee(world, 5)
    responses.start_response(round_id=world.round.pk, actor_id=actor.pk, by=person)
    opener, somebody = make.other_consultee(world, 6)
    invitations.note_opened(round_id=world.round.pk, by=somebody)
    expected |= {"drafting": [actor], "opened": [opener], "invited": [world.municipality]}
    assert board(world) == expected
    make.close(world)
    assert board(world) == {
        **{state: expected[state] for state in ("submitted", "no_objection", "declined", "drafting")},
        "unsent": [world.municipality, opener],
    }
    until = clock.now() + 5 * DAY
    extensions.grant_extension(round_id=world.round.pk, actor_ids=[opener.pk], until=until, by=world.leader)
    assert board(world)["opened"] == [opener]


def test_marks_stand_beside_the_state():
    world, response = make.make_draft()
    second, _person = make.other_consultee(world)
    invitation = world.round.invitations.get(actor=second)
    invitation.mail = OutgoingMail.objects.filter(key__startswith="invitation:").first()
    invitation.save(update_fields=["mail"])
    note_bounce(letter_id=invitation.mail_id, why="Okänd")
    extensions.request_extension(
        round_id=world.round.pk, actor_id=second.pk, until=clock.now() + 90 * DAY, reason="A", by=_person
    )
    with clock.travel(world.fresh().closes_at + timedelta(minutes=1)):
        make.submit(world, response)
    groups = coverage.coverage_of(world.fresh())
    assert [(mark["mark"], mark["count"]) for mark in coverage.marks_in(groups)] == [
        ("late", 1), ("bounced", 1), ("extension", 1),
    ]  # fmt: skip
    late = coverage.only_marked(groups, "late")
    assert [[row.actor for row in group.invitations] for group in late] == [[world.municipality]]


def test_by_kind_and_county_open_into_names():
    world = make.make_open_round()
    answer(world, 2, "answer")
    groups = coverage.coverage_of(world.fresh())
    (kind,) = coverage.by_kind(groups)
    assert (kind["kind"], kind["answered"], kind["invited"]) == ("municipality", 1, 2)
    (county,) = coverage.by_county(world.fresh(), groups)
    assert (county["code"], county["answered"], county["invited"]) == ("98", 1, 2)
    assert len(board(world, kind="municipality")) == 2
    assert board(world, kind="university") == {}
    assert board(world, county="97") == {}


def test_the_board_moves_only_when_something_has_changed():
    world, response = make.make_draft()
    client = signed_in(world.leader)
    stamp = client.get(url("coverage", world.round.pk)).context["stamp"]
    now = url("coverage_now", world.round.pk)
    assert client.get(now, {"sett": stamp}).status_code == 204
    make.submit(world, response)
    changed = client.get(now, {"sett": stamp})
    assert changed.status_code == 200
    assert "1 av 1 har svarat" in changed["HX-Trigger"].encode().decode("unicode_escape")
    assert "<html" not in changed.content.decode()
    assert client.get(now, {"sett": changed.context["stamp"]}).status_code == 204
    assert signed_in(world.editor).get(now).status_code == 403


def test_a_board_of_some_moves_only_when_they_do():
    world, response = make.make_draft()
    client = signed_in(world.leader)
    stamp = client.get(url("coverage", world.round.pk), {"slag": "university"}).context["stamp"]
    make.submit(world, response)
    now = url("coverage_now", world.round.pk)
    assert client.get(now, {"sett": stamp, "slag": "university"}).status_code == 204
    assert client.get(now, {"sett": stamp, "slag": "municipality"}).status_code == 200


@pytest.mark.parametrize(
    "query", ["slag=%00", "lan=%00", "lan=zzz", "lage=x", "slag='&lan=98&lage=late", "lage=extension"]
)
def test_strange_choices_are_let_go(query):
    world = make.make_open_round()
    assert signed_in(world.leader).get(f"{url('coverage', world.round.pk)}?{query}").status_code == 200


def test_queries_of_the_regions_pages_do_not_grow():
    counted = set()
    for code, number in (("98", 2), ("96", 4)):
        world = make.make_open_round(code, municipalities=number)
        for n in range(2, number + 1):
            actor, person = make.other_consultee(world, n)
            extensions.request_extension(
                round_id=world.round.pk, actor_id=actor.pk, until=clock.now() + 90 * DAY, reason="A", by=person
            )
        client = signed_in(world.leader)
        invitation = world.round.invitations.first().pk
        pages = [url("coverage", world.round.pk), url("coverage_now", world.round.pk), url("remind", world.round.pk), url("extensions", world.round.pk), url("invitee", invitation)]  # fmt: skip
        found = []
        for page in pages:
            client.get(page)
            with CaptureQueriesContext(connection) as seen:
                assert client.get(page).status_code == 200
            found.append(len(seen))
        counted.add(tuple(found))
    assert len(counted) == 1, counted


# --- Letters that come back, and addresses that change


def test_a_bounce_is_told_once_and_seen():
    world = make.make_open_round()
    letter = OutgoingMail.objects.get(key__startswith="invitation:")
    note_bounce(letter_id=letter.pk, why="550 okänd person")
    remind()
    remind()
    (notice,) = Notification.objects.filter(user=world.leader, kind="bounced")
    assert "1 inbjudan" in notice.text
    client = signed_in(world.leader)
    assert "550 okänd person" in client.get(url("coverage", world.round.pk)).content.decode()
    invitation = world.round.invitations.get()
    assert "550 okänd person" in client.get(url("invitee", invitation.pk)).content.decode()


def test_mark_bounced_by_hand():
    world = make.make_round()
    invitation = world.round.invitations.get()
    with pytest.raises(WrongState):
        bounced.mark_bounced(invitation_id=invitation.pk, why="", by=world.leader)
    rounds.open_round(round_id=world.round.pk, by=world.leader)
    with pytest.raises(Forbidden):
        bounced.mark_bounced(invitation_id=invitation.pk, why="", by=world.editor)
    signed_in(world.leader).post(url("mark_bounced", invitation.pk), {"why": "Flyttat"})
    assert Invitation.objects.get(pk=invitation.pk).mail.bounce == "Flyttat"
    remind()
    assert not Notification.objects.filter(kind="bounced").exists()  # the region knew


def test_a_changed_address_is_told_to_the_old_one_and_to_those_with_accounts_and_shown():
    world, response = make.make_draft()
    invitation = world.round.invitations.get()
    old = invitation.email
    invitations.set_address(invitation_id=invitation.pk, email="Ny@Annan.example", by=world.leader)
    told = OutgoingMail.objects.get(key__startswith="address:")
    assert told.to == old
    assert "ny@annan.example" in told.text and world.leader.name in told.text
    assert {notice.user for notice in Notification.objects.filter(kind="address_changed")} == {
        world.editor,
        world.signatory,
    }
    for person, name, number in [
        (world.editor, "response", response.pk), (world.leader, "invitee", invitation.pk),
    ]:  # fmt: skip
        words = signed_in(person).get(url(name, number)).content.decode()
        assert old in words and "ny@annan.example" in words
    kinds = [letter.kind for letter in invitation.letters.all()]
    assert kinds == ["address", "invitation", "invitation"]
    make.submit(world, response)
    make.close(world)
    assert "ny@annan.example" in signed_in(world.leader).get(url("response", response.pk)).content.decode()
    assert "ny@annan.example" not in Client().get(url("response", response.pk)).content.decode()


def test_an_address_before_the_opening_tells_nobody():
    world = make.make_round()
    invitations.set_address(invitation_id=world.round.invitations.get().pk, email="ny@annan.example", by=world.leader)
    assert not OutgoingMail.objects.exists()
    assert not Notification.objects.exists()


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_mail_scanner_changes_nothing(method):
    world = make.make_open_round()
    token = make.token_of(world)
    assert getattr(Client(), method)(f"/inbjudan/{token}/").status_code == 200
    row = world.round.invitations.get()
    assert (row.first_opened_at, row.link.first_opened_at, row.link.user) == (None, None, None)
    client = signed_in(world.leader)
    for name in ("send_again", "remind_one", "mark_bounced"):
        assert getattr(client, method)(url(name, row.pk)).status_code == 405
    getattr(client, method)(url("remind", world.round.pk))
    assert OutgoingMail.objects.count() == 1


# --- Pages of more time


def test_ask_decide_and_see_by_the_pages():
    world, response = make.make_draft(accepts_late=False)
    own, region = signed_in(world.editor), signed_in(world.leader)
    page = url("ask_for_time", world.round.pk, world.municipality.pk)
    assert "Begär anstånd" in own.get(url("response", response.pk)).content.decode()
    wrong = own.post(page, {"until": "2020-01-01T12:00", "reason": "Nämnden"})
    assert wrong.status_code == 422 and "Nämnden" in wrong.content.decode()
    assert own.post(page, {"until": "2099-01-01T12:00", "reason": "Nämnden"}).status_code == 302
    assert "väntar på beslut" in own.get(page).content.decode()
    words = region.get(url("extensions", world.round.pk)).content.decode()
    assert "Nämnden" in words
    extension = world.round.invitations.get().extensions.get()
    assert region.post(url("decide_extension", extension.pk), {"refuse": ""}).status_code == 422
    done = region.post(
        url("decide_extension", extension.pk), {f"x{extension.pk}-until": "2098-01-01T12:00", "grant": ""}
    )
    assert done.status_code == 302
    assert "1 januari 2098 kl. 12.00" in own.get(url("response", response.pk)).content.decode()
    assert signed_in(make_person()).get(page).status_code == 404
    assert signed_in(make_person(world.region, Role.READER)).get(url("extensions", world.round.pk)).status_code == 403


def test_saving_after_the_closing_keeps_the_text_and_offers_more_time():
    world, response = make.make_draft(accepts_late=False)
    now = clock.now()
    ConsultationRound.objects.filter(pk=world.round.pk).update(opens_at=now - DAY, closes_at=now - timedelta(seconds=1))
    late = signed_in(world.editor).post(
        url("summary", response.pk), {"summary": "Det sista jag skrev", "kind": "answer", "revision": response.revision}
    )
    words = late.content.decode()
    assert late.status_code == 409
    assert "Det sista jag skrev" in words
    assert url("ask_for_time", world.round.pk, world.municipality.pk) in words


def test_giving_time_by_the_page_to_several():
    world = make.make_open_round()
    make_municipality("98", 2)
    other, _person = make.other_consultee(world)
    client = signed_in(world.leader)
    page = url("give_time", world.round.pk)
    assert client.post(page, {"until": "2099-01-01T12:00"}).status_code == 422
    done = client.post(page, {"until": "2099-01-01T12:00", "actors": [world.municipality.pk, other.pk], "reason": ""})
    assert done.status_code == 302
    assert world.round.invitations.filter(closes_at__isnull=False).count() == 2
    assert client.get(page + "?igen=1").status_code == 409
    make.close(world)
    assert client.post(page + "?igen=1", {"until": "2099-02-01T12:00", "actors": [other.pk]}).status_code == 422
    again = {"until": "2099-02-01T12:00", "actors": [other.pk], "reason": "Förtydliga punkt 3."}
    assert client.post(page + "?igen=1", again).status_code == 302
    assert OutgoingMail.objects.filter(key__startswith="reopening:").count() == 0  # it has no address
