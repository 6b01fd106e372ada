"""What everyone may read of a round: the page, masked words, and the feeds."""

import io
import xml.etree.ElementTree as ET
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import pikepdf
import pytest
from django.test import Client
from django.urls import reverse

from actors.models import AuditEvent, Role
from consultations.domain import attachments, behalf, corrections, moderation, redaction, responses, rounds
from consultations.models import Redaction, Response
from consultations.queries.masking import masked
from consultations.queries.responses import content_of
from rus_platform.kit import clock
from rus_platform.kit.errors import Forbidden, Invalid, NotFound
from tests.factories import consultations as make
from tests.factories.actors import make_municipality, make_person
from tests.factories.threads import together

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(autouse=True)
def _own_hour(settings):
    """Each test's brakes count for themselves."""
    settings.SECRET_KEY = f"{settings.SECRET_KEY}{next(make.NUMBERS)}"


def signed_in(user):
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def page_of(world, client=None, name="round"):
    return (client or Client()).get(reverse(f"consultations:{name}", args=[world.round.pk]))


# --- the page --------------------------------------------------------------------------------------
def test_the_page_says_what_when_who_and_how():
    world, response = make.make_submitted()
    text = page_of(world).content.decode()
    for words in (
        world.round.title,
        "Vi vill veta vad ni tycker.",
        "Samrådet pågår",
        world.municipality.name,
        "RUN 2027-1",
    ):
        assert words in text
    assert "Så svarar du" in text
    assert all(question.text in text for question in world.questions)
    assert reverse("strategies:version", args=[world.version.pk]) in text
    assert reverse("consultations:take_part", args=[world.round.pk]) not in text
    assert reverse("consultations:response", args=[response.pk]) not in text  # the answers are not public yet
    make.open_to_public(world)
    assert reverse("consultations:take_part", args=[world.round.pk]) in page_of(world).content.decode()


def test_who_has_answered_and_how_but_not_who_is_writing():
    world = make.make_open_round()
    actors = {n: make.other_consultee(world, n) for n in (2, 3)}
    for n, kind in ((2, "no_objection"), (3, "declines")):
        actor, person = actors[n]
        response = responses.start_response(round_id=world.round.pk, actor_id=actor.pk, by=person)
        responses.save_summary(
            response_id=response.pk, by=person, revision=0, summary="", kind=kind, own_case_number=""
        )
        if n == 2:
            responses.submit_response(response_id=response.pk, by=person)
    make.start(world)
    text = page_of(world).content.decode()
    assert "Ingen erinran (1)" in text
    assert "Har inte svarat än (2)" in text  # one is writing, one has declined but not handed it in
    for secret in ("Skriver", "Har öppnat", "Avstår från att svara"):
        assert secret not in text


def test_late_and_entered_answers_are_said_to_be():
    with clock.travel(clock.now() - timedelta(days=40)):
        world = make.make_open_round(closes_at=clock.now() + timedelta(days=30))
    rounds.follow_the_clock()
    officer = make_person(world.region, Role.EDITOR)
    response = behalf.start_on_behalf(
        round_id=world.round.pk, actor_id=world.municipality.pk, by=officer, channel="letter", received_at=clock.now()
    )
    responses.add_point(response_id=response.pk, by=officer, text="Mer buss")
    responses.submit_response(response_id=response.pk, by=officer)
    text = page_of(world).content.decode()
    assert "sent svar" in text
    assert "infört av regionen (Brev)" in " ".join(text.split())


@pytest.mark.parametrize(
    ("public_when", "state", "shown"),
    [
        ("closed", "open", False), ("closed", "closed", True), ("never", "closed", False), ("settled", "closed", False),
        ("settled", "settled", True), ("never", "settled", False),
    ],
)  # fmt: skip
def test_answers_are_listed_when_the_round_says_so(public_when, state, shown):
    world, response = make.make_submitted(public_when=public_when)
    if state != "open":
        make.close(world)
    if state == "settled":
        make.settle(world)
    assert (reverse("consultations:response", args=[response.pk]) in page_of(world).content.decode()) is shown


def test_the_public_stands_apart_and_only_what_is_published():
    world, _response = make.make_submitted()
    make.open_to_public(world)
    published, held = (make.take_part(world, submit=True)[1] for _n in range(2))
    moderation.publish_answer(response_id=published.pk, by=world.leader)
    moderation.hold_back(response_id=held.pk, by=world.leader, reason="Namnger en granne.")
    make.close(world)
    text = page_of(world).content.decode()
    assert '<strong class="tabular">1</strong> av 1 har svarat' in text
    assert "2 svar har kommit in. De räknas för sig" in text
    assert reverse("consultations:response", args=[published.pk]) in text
    assert reverse("consultations:response", args=[held.pk]) not in text
    assert "Namnger en granne." not in text


def test_before_the_opening_it_is_the_regions_own():
    world = make.make_round()
    assert page_of(world).status_code == 404
    assert page_of(world, name="public_round").status_code == 404
    assert page_of(world, name="round_feed").status_code == 404
    assert page_of(world, signed_in(world.leader), "public_round").status_code == 200


def test_the_region_can_see_it_as_everyone_does():
    world, _response = make.make_submitted()
    text = page_of(world, signed_in(world.leader), "public_round").content.decode()
    assert "Så svarar du" in text


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_asks_a_constant_number_of_questions(rows, django_assert_num_queries):
    world, _response = make.make_submitted()
    make.open_to_public(world)
    for n in range(rows):
        _user, response = make.take_part(world, submit=True)
        moderation.publish_answer(response_id=response.pk, by=world.leader)
        if n:
            make.other_consultee(world, n + 1)
    make.close(world)
    client = Client()
    page_of(world, client)
    with django_assert_num_queries(12):
        assert page_of(world, client, "public_round").status_code == 200


def test_a_browser_that_has_the_page_is_told_so_until_something_happens(django_assert_num_queries):
    world, _response = make.make_submitted()
    client = Client()
    page_of(world, client)
    first = page_of(world, client)
    kept = {"HTTP_IF_NONE_MATCH": first["ETag"]}
    address = reverse("consultations:round", args=[world.round.pk])
    with django_assert_num_queries(2):
        assert client.get(address, **kept).status_code == 304
    make.close(world)
    assert client.get(address, **kept).status_code == 200
    other = Client()
    other.cookies["theme"] = "dark"
    assert other.get(address, **kept).status_code == 200
    assert "ETag" not in page_of(world, signed_in(world.leader), "public_round")


def test_the_start_page_leads_there():
    world, _response = make.make_submitted()
    make.open_to_public(world)
    text = Client().get("/").content.decode()
    assert reverse("consultations:round", args=[world.round.pk]) in text
    assert "öppet för alla" in text


# --- redaction --------------------------------------------------------------------------------------
def closed_with_names():
    world, response = make.make_draft()
    responses.add_point(
        response_id=response.pk, by=world.editor, text="Granne Nils Nilsson är sjuk. Nils Nilsson bör fråga.",
        suggested_wording="Nils Nilsson ska få buss.",
    )  # fmt: skip
    response = make.submit(world, Response.objects.get(pk=response.pk))
    make.close(world)
    return world, response, response.points.get(text__contains="Granne")


def test_redacted_words_are_masked_for_the_public_and_nobody_else():
    world, response, point = closed_with_names()
    officer = make_person(world.region, Role.EDITOR)
    for part in ("point", "wording"):
        redaction.redact(
            response_id=response.pk,
            by=officer,
            part=part,
            row_id=point.pk,
            words="Nils Nilsson",
            reason="Enskild person.",
        )
    people = {
        "anonymous": Client(), "stranger": signed_in(make_person()), "other": signed_in(make_person(make_municipality(number=2), Role.EDITOR)),
        "author": signed_in(world.editor), "officer": signed_in(officer), "reader": signed_in(make_person(world.region, Role.READER)),
    }  # fmt: skip
    seen = set()
    for name, client in people.items():
        for address in ("response", "read"):
            page = client.get(reverse(f"consultations:{address}", args=[response.pk]), follow=True)
            if "Nilsson" in page.content.decode():
                seen.add(name)
        page = client.get(reverse("consultations:response", args=[response.pk])).content.decode()
        assert "Enskild person." in page, name
        assert ("[maskat]" in page) is (name not in {"author", "officer", "reader"}), name
    assert seen == {"author", "officer", "reader"}
    response.refresh_from_db()
    assert "Nilsson" in response.receipt["points"][-1]["text"]  # the original is as it was
    event = AuditEvent.objects.filter(verb="redact").latest("pk")
    assert "Nilsson" not in str(event.data) + event.object_label


@pytest.mark.parametrize("part", ["summary", "position", "answer"])
def test_every_part_can_be_masked_whole(part):
    world, response, _point = closed_with_names()
    rows = {"summary": None, "position": response.positions.get(), "answer": response.answers.exclude(text="").first()}
    row = rows[part]
    secret = response.summary if row is None else getattr(row, "reason", None) or row.text
    redaction.redact(
        response_id=response.pk, by=world.leader, part=part, row_id=row.pk if row else 0, reason="Sekretess."
    )
    text = Client().get(reverse("consultations:response", args=[response.pk])).content.decode()
    assert secret not in text


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"words": "Anna"}, "words"), ({"reason": " \x00"}, "reason"), ({"reason": "x" * 401}, "reason")],
)
def test_redact_says_what_is_wrong(changes, field):
    world, response, point = closed_with_names()
    facts = {"part": "point", "row_id": point.pk, "words": "Nils", "reason": "Namn.", **changes}
    with pytest.raises(Invalid) as refusal:
        redaction.redact(response_id=response.pk, by=world.leader, **facts)
    assert set(refusal.value.fields) == {field}


def test_redact_is_the_regions_and_knows_its_own_parts():
    world, response, point = closed_with_names()
    with pytest.raises(Forbidden):
        redaction.redact(response_id=response.pk, by=world.editor, part="point", row_id=point.pk, reason="Nej.")
    for part, row_id in (("point", 10**9), ("king", 0), ("summary", 5), ("answer", -1)):
        with pytest.raises(NotFound):
            redaction.redact(response_id=response.pk, by=world.leader, part=part, row_id=row_id, reason="Nej.")


def test_lifted_again_with_a_trail():
    world, response, point = closed_with_names()
    row = redaction.redact(
        response_id=response.pk, by=world.leader, part="point", row_id=point.pk, words="Nils Nilsson", reason="Namn."
    )
    client = signed_in(world.leader)
    assert client.post(reverse("consultations:lift_redaction", args=[row.pk])).status_code == 302
    assert "Nils Nilsson" in Client().get(reverse("consultations:response", args=[response.pk])).content.decode()
    verbs = AuditEvent.objects.filter(object_id=str(response.pk), verb__contains="redact").order_by("pk")
    assert list(verbs.values_list("verb", flat=True)) == ["redact", "lift_redaction"]


@pytest.mark.django_db(transaction=True)
def test_redacted_by_two_at_once():
    world, response, point = closed_with_names()
    officers = [make_person(world.region, Role.EDITOR) for _n in range(2)]
    results = together(
        *[
            lambda by=by: redaction.redact(
                response_id=response.pk, by=by, part="point", row_id=point.pk, words="Nils", reason="Namn."
            )
            for by in officers
        ]
    )
    assert results[0] == results[1]
    assert Redaction.objects.count() == 1


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("Nils och Nils Nilsson", ["Nils", "Nils Nilsson"], "[maskat] och [maskat]"),
        ("Nils", [""], "[maskat]"),
        ("Nils", [], "Nils"),
        ("", ["Nils"], ""),
    ],
)
def test_masked(text, words, expected):
    assert masked(text, words) == expected


def test_the_form_of_masking():
    world, response, point = closed_with_names()
    client = signed_in(world.leader)
    address = reverse("consultations:redact", args=[response.pk])
    assert client.get(address).status_code == 200
    assert client.post(address, {}).status_code == 422
    assert client.post(address, {"place": "point:x", "words": "<b>", "reason": "x"}).status_code == 422
    sent = {"place": f"point:{point.pk}", "words": "Nils Nilsson", "reason": "Namn."}
    assert client.post(address, sent).status_code == 302
    content = content_of(Response.objects.select_related("round__version__strategy").get(pk=response.pk), make_person())
    assert "Nilsson" not in "".join(row.text for row in content.points)
    assert Client().get(address).status_code == 302
    assert signed_in(world.editor).get(address).status_code == 403


# --- feeds --------------------------------------------------------------------------------------------
def parsed(answer):
    """The feed, held against RFC 4287: the required elements, unique ids, absolute links, dates with zones."""
    assert answer["Content-Type"].startswith("application/atom+xml")
    feed = ET.fromstring(answer.content)
    assert feed.tag == f"{ATOM}feed"
    ids = []
    for part in [feed, *feed.findall(f"{ATOM}entry")]:
        for name in ("id", "title", "updated"):
            assert part.findtext(f"{ATOM}{name}"), (part.tag, name)
        assert datetime.fromisoformat(part.findtext(f"{ATOM}updated")).tzinfo is not None
        assert urlsplit(part.findtext(f"{ATOM}id")).scheme
        assert all(urlsplit(link.get("href")).netloc for link in part.findall(f"{ATOM}link"))
        ids.append(part.findtext(f"{ATOM}id"))
    assert feed.findtext(f"{ATOM}author/{ATOM}name") or all(
        entry.findtext(f"{ATOM}author/{ATOM}name") for entry in feed.findall(f"{ATOM}entry")
    )
    assert any(link.get("rel") == "self" for link in feed.findall(f"{ATOM}link"))
    assert len(set(ids)) == len(ids)
    return feed


def entries(feed):
    return [(row.findtext(f"{ATOM}id"), row.findtext(f"{ATOM}title")) for row in feed.findall(f"{ATOM}entry")]


def test_the_feed_of_a_round_tells_what_happens_and_its_ids_stay():
    world, _response = make.make_submitted()
    first = entries(parsed(page_of(world, name="round_feed")))
    assert [title for _id, title in first] == ["Samrådet öppnade"]
    make.open_to_public(world)
    make.close(world)
    make.settle(world)
    later = entries(parsed(page_of(world, name="round_feed")))
    titles = [title for _id, title in later]
    assert titles == ["Alla synpunkter är bemötta", "Samrådet stängde", "Allmänheten får svara", "Samrådet öppnade"]
    assert later[-1] == first[0]


def test_the_feed_of_rounds():
    hidden = make.make_round("97")
    world, _response = make.make_submitted()
    answer = Client().get(reverse("consultations:rounds_feed"))
    feed = parsed(answer)
    assert [title for _id, title in entries(feed)] == [world.round.title]
    assert hidden.round.title not in answer.content.decode() or hidden.round.title == world.round.title
    before = entries(feed)[0][0]
    updated = feed.find(f"{ATOM}entry").findtext(f"{ATOM}updated")
    make.close(world)
    feed = parsed(Client().get(reverse("consultations:rounds_feed")))
    assert entries(feed)[0][0] == before
    assert feed.find(f"{ATOM}entry").findtext(f"{ATOM}updated") > updated


def test_feeds_name_no_person_and_are_in_swedish_whoever_reads():
    world, _response = make.make_submitted()
    client = signed_in(world.leader)
    client.cookies["django_language"] = "en"
    for address in (reverse("consultations:rounds_feed"), reverse("consultations:round_feed", args=[world.round.pk])):
        text = client.get(address).content.decode()
        assert world.leader.name not in text
        assert "Samrådet öppnade" in text


def test_a_feed_is_kept_and_sent_again_only_when_it_is_new():
    world, _response = make.make_submitted()
    address = reverse("consultations:round_feed", args=[world.round.pk])
    first = Client().get(address)
    assert "max-age=300" in first["Cache-Control"]
    assert "public" in first["Cache-Control"]
    again = Client().get(address, HTTP_IF_MODIFIED_SINCE=first["Last-Modified"])
    assert again.status_code == 304


@pytest.mark.parametrize("rows", [1, 3])
def test_feeds_ask_a_constant_number_of_questions(rows, django_assert_num_queries):
    for n in range(rows):
        make.make_open_round(f"{90 + n}")
    with django_assert_num_queries(2):
        parsed(Client().get(reverse("consultations:rounds_feed")))


def test_words_that_no_xml_can_carry_do_no_harm():
    world = make.make_round()
    make.describe(world.fresh(), by=world.leader, title="Remiss <&> \x0b\x01 våren")
    rounds.open_round(round_id=world.round.pk, by=world.leader)
    assert "Remiss <&>" in parsed(page_of(world, name="round_feed")).findtext(f"{ATOM}title")


def test_what_is_masked_stays_masked_in_a_corrected_answer():
    world, response = make.make_draft()
    responses.add_point(response_id=response.pk, by=world.editor, text="Nils Nilsson är sjuk.")
    response = make.submit(world, Response.objects.get(pk=response.pk))
    point = response.points.get(text__contains="Nils")
    redaction.redact(
        response_id=response.pk, by=world.leader, part="point", row_id=point.pk, words="Nils Nilsson", reason="Namn."
    )
    again = corrections.start_correction(response_id=response.pk, by=world.editor)
    responses.submit_response(response_id=again.pk, by=world.signatory)
    make.close(world)
    text = Client().get(reverse("consultations:response", args=[again.pk])).content.decode()
    assert "är sjuk." in text
    assert "Nilsson" not in text


def fetched(client, address):
    """The status of a file's address, the file closed again."""
    answer = client.get(address)
    if answer.streaming:
        for close in answer._resource_closers:  # answer.close() would end the database's connection too
            close()
    return answer.status_code


def test_a_masked_file_is_given_out_to_those_entitled_only():
    world, response = make.make_draft()
    paper = io.BytesIO()
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.save(paper)
    paper.seek(0)
    file = attachments.add_attachment(
        response_id=response.pk, by=world.editor, file=paper, name="journal.pdf", size=len(paper.getvalue())
    )
    response = make.submit(world, Response.objects.get(pk=response.pk))
    make.close(world)
    address = reverse("consultations:attachment", args=[file.pk])
    assert fetched(Client(), address) == 200
    redaction.redact(response_id=response.pk, by=world.leader, part="file", row_id=file.pk, reason="Hälsa.")
    assert fetched(Client(), address) == 404
    assert fetched(signed_in(world.editor), address) == 200
    assert fetched(signed_in(world.leader), address) == 200


def test_what_differs_is_not_shown_when_words_are_masked():
    world, response = make.make_draft()
    point = responses.add_point(response_id=response.pk, by=world.editor, text="Nils Nilsson är sjuk.")
    response = make.submit(world, Response.objects.get(pk=response.pk))
    again = corrections.start_correction(response_id=response.pk, by=world.editor)
    responses.remove_point(point_id=again.points.get(origin=point).pk, by=world.editor)
    responses.submit_response(response_id=again.pk, by=world.signatory)
    make.close(world)
    address = reverse("consultations:differences", args=[again.pk])
    assert "Nilsson" in signed_in(world.leader).get(address).content.decode()
    redaction.redact(
        response_id=response.pk, by=world.leader, part="point", row_id=point.pk, words="Nils Nilsson", reason="Namn."
    )
    assert "Nilsson" not in signed_in(make_person()).get(address).content.decode()
    assert "Nilsson" in signed_in(world.leader).get(address).content.decode()
