"""The demo's mailbox: letters as they came, shown safely."""

import mailbox

import pytest
from django.utils import timezone

from actors.queries import mailbox as queries

LETTER = b"""From: RUS <rus@localhost>
To: anna@b.example
X-RcptTo: anna@b.example
Subject: =?utf-8?q?Inbjudan_att_svara=3A_Samr=C3=A5d?=
Date: Tue, 24 Nov 2026 03:00:00 +0100
Content-Type: text/plain; charset="utf-8"
Content-Transfer-Encoding: 8bit

Hej <b>Anna</b>,
http://127.0.0.1:8000/valkommen/abc/ och https://evil.example/valkommen/ samt http://127.0.0.1:8000.evil.example/x
"""
BROKEN = b"Subject: =?what?x?\xff\xfe\nContent-Type: text/plain; charset=finnsinte\n\n\xff\xfe\x00text"


@pytest.fixture
def box(tmp_path, settings):
    settings.DEMO = True
    settings.SITE_URL = "http://127.0.0.1:8000"
    settings.LOCAL_MAILDIR = str(tmp_path / "mail")
    return mailbox.Maildir(tmp_path / "mail", create=True)


def test_letter_links_only_to_this_installation(box):
    box.add(LETTER)
    found = queries.letter(queries.letters()[0].key)
    assert found.subject == "Inbjudan att svara: Samråd"
    assert [url for _words, url in found.pieces if url] == ["http://127.0.0.1:8000/valkommen/abc/"]
    assert "".join(words for words, _url in found.pieces) == found.text


@pytest.mark.django_db
def test_mailbox_pages_show_words_not_html(box, client):
    box.add(LETTER)
    box.add(BROKEN)
    listed = client.get("/postlada/")
    assert listed.status_code == 200
    for letter in queries.letters():
        page = client.get(f"/postlada/{letter.key}/")
        assert page.status_code == 200
        assert "<b>Anna</b>" not in page.content.decode()


@pytest.mark.parametrize("date", ["Tue, 24 Nov 2026 08:00:00 -0000", "Tue, 24 Nov 2026 09:00:00 +0100"])
def test_mailbox_tells_when_in_the_time_of_the_reader(box, date):
    box.add(b"From: a@rus.example\nTo: b@x.example\nSubject: Hej\nDate: " + date.encode() + b"\n\nHej\n")
    at = queries.letters()[0].at
    assert timezone.localtime(at).strftime("%d %H.%M") == "24 09.00"


@pytest.mark.django_db
def test_mailbox_filters_by_address(box, client):
    box.add(LETTER)
    assert "Inbjudan att svara" in client.get("/postlada/?till=ANNA").content.decode()
    assert "Inbjudan att svara" not in client.get("/postlada/?till=erik").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("demo", [True, False])
def test_mailbox_exists_only_in_a_demo_with_a_maildir(box, client, settings, demo):
    box.add(LETTER)
    key = queries.letters()[0].key
    settings.DEMO, settings.LOCAL_MAILDIR = demo, "" if demo else settings.LOCAL_MAILDIR
    assert client.get("/postlada/").status_code == 404
    assert client.get(f"/postlada/{key}/").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["..%2f..%2fetc%2fpasswd", "finns-inte", "x" * 300])
def test_letter_by_a_hostile_name_is_not_found(box, client, key):
    assert client.get(f"/postlada/{key}/").status_code == 404
