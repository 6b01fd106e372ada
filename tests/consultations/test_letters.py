"""Letters of a round: queued once, refused, delayed, sent once; by a real SMTP server."""

import email
import email.policy
import socket
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller

from actors.domain.mail import send_waiting
from actors.models import OutgoingMail
from consultations.domain import invitations, rounds
from rus_platform.kit import clock
from tests.factories import consultations as make
from tests.factories.actors import make_municipality
from tests.factories.papers import make_all_papers

pytestmark = pytest.mark.django_db


class PostOffice:
    """aiosmtpd handler: keeps what comes, and knows nobody whose name begins with "okand"."""

    def __init__(self):
        self.letters = []

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("okand"):
            return "550 No such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.letters.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 OK"


@pytest.fixture
def office(settings):
    """Where letters come in, and a way to open and close it: ``office.open()``, ``office.close()``, ``office.letters``."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 5
    handler = PostOffice()
    controllers = []

    def open_():
        controllers.append(Controller(handler, hostname="127.0.0.1", port=port))
        controllers[-1].start()

    def close():
        while controllers:
            controllers.pop().stop()

    handler.open, handler.close = open_, close
    yield handler
    close()


def invited_world(*addresses):
    """An open round to which consultees with these addresses are invited."""
    world = make.make_round()
    actors = [world.municipality]
    for number, address in enumerate(addresses, 2):
        actor = make_municipality("98", number)
        actor.email = address
        actor.save(update_fields=["email"])
        actors.append(actor)
    invitations.invite_actors(round_id=world.round.pk, actor_ids=[actor.pk for actor in actors], by=world.leader)
    rounds.open_round(round_id=world.round.pk, by=world.leader)
    return world


def test_everyone_gets_one_letter_with_a_link_of_their_own(office):
    office.open()
    world = invited_world("kommun2@sago98.example", "kommun3@sago98.example")
    send_waiting()
    send_waiting()
    assert sorted(letter["To"] for letter in office.letters) == [
        "kommun1@sago98.example", "kommun2@sago98.example", "kommun3@sago98.example",
    ]  # fmt: skip
    texts = [letter.get_content() for letter in office.letters]
    links = {text.split("/inbjudan/")[1].split("/")[0] for text in texts}
    assert len(links) == 3
    assert all("Vi vill veta vad ni tycker." in text and "RUN 2027-1" in text for text in texts)
    assert world.round.title in office.letters[0]["Subject"]


def test_a_refused_address_is_seen_on_the_board_and_can_be_mended(office, client):
    office.open()
    world = invited_world("okand@sago98.example")
    send_waiting()
    assert [letter["To"] for letter in office.letters] == ["kommun1@sago98.example"]
    letter = OutgoingMail.objects.get(to="okand@sago98.example")
    assert letter.state == "failed"
    client.force_login(world.leader, backend="django.contrib.auth.backends.ModelBackend")
    words = client.get(f"/samrad/{world.round.pk}/svarslage/").content.decode()
    assert "Kom inte fram" in words and letter.bounce == "No such person" and letter.bounce in words
    invitation = world.round.invitations.get(email="okand@sago98.example")
    client.post(f"/inbjudningar/{invitation.pk}/adress/", {"email": "kand@sago98.example"})
    send_waiting()
    assert [letter["To"] for letter in office.letters][1:] == ["kand@sago98.example"]


def test_letters_wait_while_the_post_office_is_closed_and_go_once(office):
    invited_world()
    with pytest.raises(OSError, match="refused"):  # the worker fails and says so; beat tries again
        send_waiting()
    letter = OutgoingMail.objects.get(key__startswith="invitation:")
    assert letter.state == "waiting"
    office.open()
    with clock.travel(clock.now() + timedelta(hours=1)):
        assert send_waiting() == 1
        assert send_waiting() == 0
    assert len(office.letters) == 1
    letter.refresh_from_db()
    assert (letter.state, letter.last_error) == ("sent", "")
    assert office.letters[0]["Message-ID"] == letter.message_id


def test_receipt_and_outcome_come_by_letter_once(office):
    office.open()
    world, response = make.make_submitted()
    make.close(world)
    make.settle(world)
    make_all_papers()
    send_waiting()
    send_waiting()
    subjects = sorted(letter["Subject"].split(":")[0] for letter in office.letters)
    assert subjects == ["Inbjudan att svara", "Kvitto", "Kvitto", "Så blev det med era synpunkter"]
    receipt = next(letter for letter in office.letters if letter["Subject"].startswith("Kvitto"))
    response.refresh_from_db()
    assert response.sha256 in receipt.get_body().get_content()
    assert make.NOTE not in "".join(letter.get_body().get_content() for letter in office.letters)


def test_the_same_letter_is_never_queued_twice():
    world = invited_world()
    keys = set(OutgoingMail.objects.values_list("key", flat=True))
    invitations.send_invitations(world.fresh(), by=world.leader)
    assert set(OutgoingMail.objects.values_list("key", flat=True)) == keys
    invitation = world.round.invitations.get()
    invitations.send_again(invitation_id=invitation.pk, by=world.leader)
    assert OutgoingMail.objects.filter(key__startswith="invitation:").count() == 2
