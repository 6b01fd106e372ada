"""Letters that come back: refused at the door, or returned by a notice; and what is no such notice."""

import io
import sys
from email.message import EmailMessage

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as some

from actors.domain import bounces, mail
from actors.models import OutgoingMail
from rus_platform.kit import clock

pytestmark = pytest.mark.django_db


def letter(number=1, **fields):
    values = {
        "to": f"anna{number}@kommun.example", "subject": "Inbjudan", "text": "Hej", "key": f"k{number}",
        "message_id": f"<{number}.abc@rus.example>",
    }  # fmt: skip
    return OutgoingMail.objects.create(next_attempt_at=clock.now(), created_at=clock.now(), **values | fields)


def notice(
    *, message_id="<1.abc@rus.example>", action="failed", to="rus@rus.example", carried="text/rfc822-headers", status="5.1.1",
    report=True,
):  # fmt: skip
    """A notice as a mail server writes it (RFC 3464)."""
    original = f"From: rus@rus.example\r\nTo: anna1@kommun.example\r\nMessage-ID: {message_id}\r\nSubject: Inbjudan\r\n"
    body = "\r\n\r\nHej\r\n" if carried == "message/rfc822" else ""
    kind = "multipart/report; report-type=delivery-status" if report else "multipart/mixed"
    return (
        f"From: MAILER-DAEMON@kommun.example\r\nTo: {to}\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n"
        f'Content-Type: {kind}; boundary="B"\r\n\r\n'
        "--B\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
        "--B\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.kommun.example\r\n\r\n"
        f"Final-Recipient: rfc822; anna1@kommun.example\r\nAction: {action}\r\nStatus: {status}\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 No such\r\n person here\r\n\r\n"
        f"--B\r\nContent-Type: {carried}\r\n\r\n{original}{body}\r\n--B--\r\n"
    ).encode()


@pytest.mark.parametrize("carried", ["text/rfc822-headers", "message/rfc822"])
def test_a_notice_is_matched_by_the_message_id_it_carries(carried):
    row = letter()
    assert bounces.take_in(notice(carried=carried)) == row
    row.refresh_from_db()
    assert row.bounced_at is not None
    assert row.bounce == "550 5.1.1 No such person here"


def test_the_first_word_stands():
    row = letter()
    bounces.take_in(notice())
    first = OutgoingMail.objects.get(pk=row.pk).bounced_at
    bounces.note_bounce(letter_id=row.pk, why="Annat")
    assert OutgoingMail.objects.get(pk=row.pk).bounced_at == first


def test_a_notice_is_matched_by_its_signed_return_address(settings):
    settings.BOUNCE_ADDRESS = "studs@rus.example"
    row = letter()
    back = bounces.return_address(row)
    assert back.startswith(f"studs+b{row.pk}-") and back.endswith("@rus.example")
    assert bounces.take_in(notice(to=back, message_id="<other@x.example>")) == row


@pytest.mark.parametrize("what", [
    {"action": "delayed"}, {"action": "delivered"}, {"report": False}, {"message_id": "<unknown@rus.example>"},
    {"to": "studs+b1-00000000000000000000@rus.example", "message_id": "<unknown@rus.example>"},
    {"message_id": "1.abc@rus.example"}, {"message_id": ""}, {"carried": "text/plain"},
])  # fmt: skip
def test_a_delay_an_answer_or_a_forgery_notes_nothing(what):
    row = letter()
    assert bounces.take_in(notice(**what)) is None
    row.refresh_from_db()
    assert row.bounced_at is None


def test_an_ordinary_answer_notes_nothing():
    letter()
    answer = EmailMessage()
    answer["In-Reply-To"] = "<1.abc@rus.example>"
    answer["To"] = "rus@rus.example"
    answer.set_content("Tack, vi återkommer. Action: failed")
    assert bounces.take_in(answer.as_bytes()) is None


@given(data=some.binary(max_size=400), cut=some.integers(0, 900))
def test_whatever_comes_is_read_or_left(data, cut):
    whole = notice(message_id="<nobody@rus.example>")
    assert bounces.take_in(data) is None
    assert bounces.take_in(whole[:cut] + data + whole[cut:]) is None


def test_the_command_reads_a_maildir_once(tmp_path, capsys):
    row = letter()
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "1.host").write_bytes(notice())
    (tmp_path / "new" / "2.host").write_bytes(b"\xff\x00 not a letter")
    call_command("take_in_bounces", str(tmp_path))
    call_command("take_in_bounces", str(tmp_path))
    assert capsys.readouterr().out == "read 2, noted 1\nread 0, noted 0\n"
    row.refresh_from_db()
    assert row.bounced_at is not None
    assert sorted(file.name for file in (tmp_path / "cur").iterdir()) == ["1.host:2,S", "2.host:2,S"]


def test_the_command_reads_one_notice_from_a_pipe(monkeypatch, capsys):
    letter()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(notice())))
    call_command("take_in_bounces", "-")
    assert capsys.readouterr().out == "bounced: anna1@kommun.example\n"
    with pytest.raises(CommandError):
        call_command("take_in_bounces", "")


def test_letters_carry_their_return_address_and_the_usual_sender(settings, mailoutbox):
    settings.BOUNCE_ADDRESS = "studs@rus.example"
    row = letter(message_id="")
    mail.send_waiting()
    (sent,) = mailoutbox
    row.refresh_from_db()
    assert sent.from_email == bounces.return_address(row)
    assert sent.message()["From"] == settings.DEFAULT_FROM_EMAIL
    assert sent.message()["Message-ID"] == row.message_id
