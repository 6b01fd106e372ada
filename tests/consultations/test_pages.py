"""The pages: constant numbers of queries, bad input, stale forms, forged ids, links."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actors.models import Membership, OutgoingMail, PersonalLink, Role
from consultations.domain import invitations, notes, responses, rounds
from consultations.models import Answer, Disposition, InternalNote, Invitation, Point, Position, Response
from rus_platform.kit import clock
from strategies.domain import versions
from strategies.domain.sections import add_section
from tests.factories import consultations as make
from tests.factories.actors import make_municipality, make_person
from tests.factories.strategies import make_strategy, working_version

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}
SCRIPT = "<script>alert('x')</script><b>&amp;"


def signed_in(person):
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def url(name, *args):
    return reverse(f"consultations:{name}", args=args)


def queries_of(client, address):
    client.get(address)  # what is remembered between requests is there
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


# --- constant numbers of queries


def grown_world(n):
    """A submitted response with ``n`` points, and ``n`` consultees of which the others have handed in too."""
    world = make.make_open_round(municipalities=4)
    response = make.start(world)
    make.write(world, response, points=n)
    make.submit(world, response)
    for number in range(2, n + 1):
        actor, person = make.other_consultee(world, number)
        other = responses.start_response(round_id=world.round.pk, actor_id=actor.pk, by=person)
        make_point = {"section_id": world.goal.pk, "selection": {"quote": "stärka tåget"}}
        responses.add_point(response_id=other.pk, by=person, text="A", **make_point)
        responses.submit_response(response_id=other.pk, by=person)
    make.close(world)
    make.next_draft(world, "Regionen ska stärka tåget, bussen och cykeln.")
    return world, response


PAGES = {
    "list": lambda world, response: (world.leader, url("list")),
    "rounds": lambda world, response: (world.leader, url("rounds", world.strategy.pk)),
    "round": lambda world, response: (world.leader, url("round", world.round.pk)),
    "coverage": lambda world, response: (world.leader, url("coverage", world.round.pk)),
    "points": lambda world, response: (world.leader, url("points", world.round.pk)),
    "point": lambda world, response: (world.leader, url("point", response.points.first().pk)),
    "changes": lambda world, response: (world.leader, url("changes", world.round.pk)),
    "response": lambda world, response: (world.editor, url("response", response.pk)),
    "read": lambda world, response: (world.editor, url("read", response.pk)),
    "home": lambda world, response: (world.editor, "/"),
}


@pytest.mark.parametrize("name", PAGES)
def test_queries_do_not_grow_with_the_rows(name):
    counted = set()
    for n in (1, 3):
        savepoint = transaction.savepoint()
        world, response = grown_world(n)
        person, address = PAGES[name](world, response)
        counted.add(queries_of(signed_in(person), address))
        transaction.savepoint_rollback(savepoint)
        cache.clear()
    assert len(counted) == 1, counted


def draft_with(goals, points):
    """A draft on a version with so many goals, each with a position, and so many points."""
    world = make.make_open_round()
    strategy = make_strategy(world.region, by=world.leader)
    draft = working_version(strategy)
    made = [
        add_section(version_id=draft.pk, kind="goal", title=f"Mål {n}", parent_id=None, by=world.leader)
        for n in range(goals)
    ]
    version = versions.freeze_version(version_id=draft.pk, by=world.leader, label="Samrådsversion 1")
    round_ = rounds.create_round(version_id=version.pk, title="Ett till", by=world.leader)
    make.describe(round_, by=world.leader)
    invitations.invite_actors(round_id=round_.pk, actor_ids=[world.municipality.pk], by=world.leader)
    rounds.open_round(round_id=round_.pk, by=world.leader)
    response = responses.start_response(round_id=round_.pk, actor_id=world.municipality.pk, by=world.editor)
    for goal in made:
        responses.set_position(
            response_id=response.pk, section_id=goal.pk, by=world.editor, stance="supports", reason="", revision=0
        )
    for _n in range(points):
        responses.add_point(response_id=response.pk, by=world.editor, text="A", section_id=made[0].pk)
        notes.add_note(response_id=response.pk, by=world.editor, text="B")
    return world, response


@pytest.mark.parametrize("name", ["response", "positions", "own_points", "read", "submit", "answers"])
def test_queries_of_a_draft_do_not_grow(name):
    counted = set()
    for n in (1, 3):
        world, response = draft_with(n, n)
        counted.add(queries_of(signed_in(world.editor), url(name, response.pk)))
    assert len(counted) == 1


def test_opening_takes_the_same_queries_for_3_and_for_30():
    counted = []
    for code, number in (("98", 3), ("96", 30)):
        world = make.make_round(code, municipalities=number)
        actors = [make_municipality(code, n) for n in range(1, number + 1)]
        for n, actor in enumerate(actors):
            actor.email = f"k{n}@sago{code}.example"
            actor.save(update_fields=["email"])
        invitations.invite_actors(round_id=world.round.pk, actor_ids=[actor.pk for actor in actors], by=world.leader)
        with CaptureQueriesContext(connection) as seen:
            rounds.open_round(round_id=world.round.pk, by=world.leader)
        counted.append(len(seen))
        assert Invitation.objects.filter(round=world.round, invited_at__isnull=False).count() == number
    assert counted[0] == counted[1]


# --- bad input


def test_times_that_can_not_be_are_said_at_the_field_and_nothing_typed_is_lost():
    world = make.make_round()
    answer = signed_in(world.leader).post(
        url("prepare", world.round.pk),
        {
            "title": "Remiss",
            "cover_letter": "Ett långt brev",
            "opens_at": "2040-05-02T08:00",
            "closes_at": "2040-05-01T08:00",
            "public_when": "closed",
            "revision": world.fresh().revision,
        },
    )
    words = answer.content.decode()
    assert answer.status_code == 422
    assert "Sluttiden måste ligga efter öppningstiden." in words
    assert "Ett långt brev" in words
    assert "2040-05-02T08:00" in words


def test_times_are_swedish():
    world = make.make_round()
    signed_in(world.leader).post(
        url("prepare", world.round.pk),
        {
            "title": "Remiss", "cover_letter": "Brev", "closes_at": "2040-07-01T12:00", "public_when": "closed",
            "revision": world.fresh().revision,
        },
    )  # fmt: skip
    assert world.fresh().closes_at.isoformat() == "2040-07-01T10:00:00+00:00"
    assert "1 juli 2040 kl. 12.00" in signed_in(world.leader).get(url("round", world.round.pk)).content.decode()


@pytest.mark.parametrize("query", [
    "section=²", "section=" + "9" * 60, "actor=%00", "kind=%00", "outcome=x%00", "decision='", "actor_kind=%00", "page=abc",
    "page=99999", "status=%27--", "text=%00", "text=" + "å" * 500, "about=x", "text=" + "%22%28%26%21:*",
])  # fmt: skip
def test_strange_filters_are_let_go(query):
    world, _response = make.make_submitted()
    assert signed_in(world.leader).get(f"{url('points', world.round.pk)}?{query}").status_code == 200


def test_filters_narrow_the_list():
    world, response = make.make_submitted(points=3)
    client = signed_in(world.leader)
    number = lambda query: client.get(f"{url('points', world.round.pk)}?{query}").context["page_obj"].paginator.count  # noqa: E731
    assert number("") == 3
    assert number(f"section={world.goal.pk}") == 1
    assert [number(f"about={about}") for about in ("words", "section", "general")] == [1, 1, 1]
    assert number("text=synpunkten") == 3  # stemmed
    assert number(f"actor={world.municipality.pk}&kind=change&actor_kind=municipality") == 3
    assert [number(f"status={status}") for status in ("undecided", "decided")] == [3, 0]


@pytest.mark.parametrize("value", ["x" * 50_001, "\x00", ""])
def test_texts_that_can_not_be_saved_come_back(value):
    world, response = make.make_draft()
    before = response.points.count()
    answer = signed_in(world.editor).post(
        url("new_point", response.pk), {"text": value, "kind": "remark", "suggested_wording": "Så här"}
    )
    assert answer.status_code == 422
    assert "Så här" in answer.content.decode()
    assert response.points.count() == before


def test_markup_is_only_words_everywhere():
    world = make.make_open_round(title=SCRIPT, cover_letter=SCRIPT, case_number="<script>")
    response = make.start(world)
    editor = signed_in(world.editor)
    editor.post(
        url("summary", response.pk), {"kind": "answer", "summary": SCRIPT, "own_case_number": "<script>", "revision": 0}
    )
    prefix = f"s{world.goal.pk}"
    editor.post(
        url("save_position", response.pk, world.goal.pk),
        {f"{prefix}-stance": "opposes", f"{prefix}-reason": SCRIPT, f"{prefix}-revision": 0},
    )
    editor.post(url("answers", response.pk), {f"q{world.questions[0].pk}": SCRIPT})
    editor.post(url("add_note", response.pk), {"text": SCRIPT})
    editor.post(
        url("new_point", response.pk),
        {
            "section": world.goal.pk,
            "text": SCRIPT,
            "kind": "remark",
            "suggested_wording": SCRIPT,
            "quote": "stärka tåget",
        },
    )
    assert [Position.objects.count(), Answer.objects.count(), InternalNote.objects.count(), Point.objects.count()] == [
        1
    ] * 4
    pages = [
        url(name, response.pk)
        for name in ("response", "read", "positions", "answers", "own_points", "summary", "submit")
    ]
    seen = [editor.get(page).content.decode() for page in [*pages, url("round", world.round.pk), url("list")]]
    make.submit(world, response)
    point = response.points.get()
    leader = signed_in(world.leader)
    leader.post(url("point", point.pk), {"decision": "not", "reason": SCRIPT, "number": 0})
    assert Disposition.objects.get().reason == SCRIPT
    seen += [
        leader.get(page).content.decode()
        for page in (url("point", point.pk), url("points", world.round.pk), url("response", response.pk))
    ]
    for words in seen:
        assert "<script>alert" not in words
    assert sum("&lt;script&gt;alert" in words for words in seen) == len(seen)


# --- stale forms, without and with htmx


def test_a_stale_summary_shows_both_and_the_next_save_goes_through():
    world, response = make.make_draft()
    client = signed_in(world.signatory)
    form = {"kind": "answer", "summary": "Min text", "own_case_number": "KS 1", "revision": 0}
    answer = client.post(url("summary", response.pk), form)
    words = answer.content.decode()
    assert answer.status_code == 422
    assert "Vi är positiva." in words and words.count("Min text") >= 2
    assert f'name="revision" value="{response.revision}"' in words
    assert client.post(url("summary", response.pk), form | {"revision": response.revision}).status_code == 302
    response.refresh_from_db()
    assert response.summary == "Min text"


@pytest.mark.parametrize("extra", [{}, HTMX])
def test_a_position_is_saved_by_itself(extra):
    world, response = make.make_draft()
    prefix = f"s{world.subgoal.pk}"
    form = {f"{prefix}-stance": "supports", f"{prefix}-reason": "", f"{prefix}-revision": 0}
    answer = signed_in(world.editor).post(url("save_position", response.pk, world.subgoal.pk), form, **extra)
    assert answer.status_code == (200 if extra else 302)
    assert Position.objects.get(section=world.subgoal).stance == "supports"
    form[f"{prefix}-stance"] = "opposes"
    answer = signed_in(world.signatory).post(url("save_position", response.pk, world.subgoal.pk), form, **extra)
    words = answer.content.decode()
    assert answer.status_code == 422
    assert "Tillstyrker" in words and "det du skrev" in words
    assert ("Fler tar tåget" in words, "Ett län som reser" in words) == (True, not extra)


def test_a_stale_tab_does_not_take_back_a_colleagues_answer():
    world, response = make.make_draft()
    first, choice, scale = (question.pk for question in world.questions)
    form = {f"q{first}": "Cykeln", f"w{first}": "Cykeln", f"r{first}": 1}
    form |= {f"q{choice}": "1", f"w{choice}": "1", f"r{choice}": 1, f"q{scale}": "4", f"w{scale}": "4", f"r{scale}": 1}
    responses.save_answer(response_id=response.pk, question_id=choice, by=world.signatory, value="0", revision=1)
    client = signed_in(world.editor)
    assert client.post(url("answers", response.pk), form | {f"q{scale}": "5"}).status_code == 302
    assert Answer.objects.get(question=choice).choice == 0  # untouched in the stale tab
    assert Answer.objects.get(question=scale).scale == 5
    answer = client.post(url("answers", response.pk), form | {f"q{choice}": ""})
    assert answer.status_code == 422
    assert "Sparat av någon annan" in answer.content.decode()
    assert Answer.objects.get(question=choice).choice == 0


def test_what_was_typed_is_on_the_page_that_refuses():
    world, response = make.make_draft()
    make.submit(world, response)
    answer = signed_in(world.editor).post(url("new_point", response.pk), {"text": "En lång tanke", "kind": "remark"})
    assert answer.status_code == 409
    assert "En lång tanke" in answer.content.decode()
    answer = signed_in(world.editor).post(
        url("new_point", response.pk), {"text": "En lång tanke", "kind": "remark"}, **HTMX
    )
    assert answer.status_code == 409
    assert "data-problem" in answer.content.decode()


def test_a_decision_for_many_that_lacks_its_reason_keeps_ticks_and_words():
    world, response = make.make_submitted(points=2)
    ticked, other = response.points.all()
    client = signed_in(world.leader)
    form = {"point": [ticked.pk], "decision": "not", "reason": "", "query": "status=undecided"}
    answer = client.post(url("decide_many", world.round.pk), form)
    words = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="tick-{ticked.pk}" checked' in words and f'id="tick-{other.pk}" checked' not in words
    assert '<option value="not" selected>' in words
    answer = client.post(url("decide_many", world.round.pk), form | {"reason": "Ryms inte."})
    assert (answer.status_code, answer["Location"]) == (302, f"{url('points', world.round.pk)}?status=undecided")
    assert Disposition.objects.get().point == ticked


def test_double_submit_leads_to_the_receipt():
    world, response = make.make_draft()
    client = signed_in(world.signatory)
    for _press in range(2):
        answer = client.post(url("submit", response.pk))
        assert (answer.status_code, answer["Location"]) == (302, url("receipt", response.pk))
    assert Response.objects.get(pk=response.pk).sha256 in client.get(url("receipt", response.pk)).content.decode()


def test_pages_before_their_time_lead_somewhere():
    world = make.make_open_round()
    client = signed_in(world.leader)
    for name in ("prepare", "questions", "preview", "open", "settle"):
        assert client.get(url(name, world.round.pk))["Location"] == url("round", world.round.pk)
    make.close(world)
    assert client.get(url("close", world.round.pk))["Location"] == url("round", world.round.pk)


# --- forged ids


def test_ids_of_another_organisation_lead_nowhere():
    world, response = make.make_draft()
    _other, person = make.other_consultee(world)
    client, point = signed_in(person), response.points.get()
    posts = {
        url("new_point", response.pk): {"text": "A", "kind": "remark"},
        url("summary", response.pk): {"kind": "declines", "revision": 0},
        url("save_position", response.pk, world.goal.pk): {f"s{world.goal.pk}-stance": "opposes"},
        url("answers", response.pk): {f"q{world.questions[0].pk}": "A"},
        url("add_note", response.pk): {"text": "A"},
        url("submit", response.pk): {},
        url("edit_point", point.pk): {"text": "A", "kind": "remark", "revision": 0},
        url("remove_point", point.pk): {},
        url("begin", world.round.pk, world.municipality.pk): {},
    }
    for address, form in posts.items():
        assert client.post(address, form).status_code in (403, 404), address
    own = responses.start_response(round_id=world.round.pk, actor_id=_other.pk, by=person)
    assert client.post(url("new_point", own.pk), {"section": 10**12, "text": "A", "kind": "remark"}).status_code == 404
    elsewhere = make.make_open_round("96")
    forged = {"section": elsewhere.goal.pk, "text": "A", "kind": "remark"}
    assert client.post(url("new_point", own.pk), forged).status_code == 404
    client.post(url("answers", own.pk), {f"q{elsewhere.questions[0].pk}": "A"})
    assert not Answer.objects.filter(response=own).exists()
    leader = signed_in(elsewhere.leader)
    for name in ("close", "decide_many", "distribution", "open"):
        assert leader.post(url(name, world.round.pk), {"point": [point.pk]}).status_code == 403
    invitation = world.round.invitations.first()
    for name in ("remove_invitation", "address", "send_again"):
        assert leader.post(url(name, invitation.pk), {"email": "a@b.example"}).status_code in (403, 409)
    assert leader.post(url("change_question", world.questions[0].pk), {"what": "remove"}).status_code == 403
    assert response.points.count() == 1


# --- the personal link


def test_opening_the_link_changes_nothing():
    world = make.make_open_round()
    address = url("invitation", make.token_of(world))
    people, roles = Membership.objects.count(), list(PersonalLink.objects.values())
    with CaptureQueriesContext(connection) as seen:
        answer = Client().get(address)
    assert answer.status_code == 200
    assert world.municipality.name in answer.content.decode()
    assert [query["sql"] for query in seen if query["sql"].split()[0] in ("INSERT", "UPDATE", "DELETE")] == []
    assert (Membership.objects.count(), list(PersonalLink.objects.values())) == (people, roles)


def test_the_link_lets_in_whoever_reads_the_mailbox():
    world = make.make_open_round()
    client, address = Client(), url("invitation", make.token_of(world))
    assert client.post(address, {"name": " "}).status_code == 422
    answer = client.post(address, {"name": "Kim Prov"})
    assert answer["Location"] == url("begin", world.round.pk, world.municipality.pk)
    assert "Börja svara" in client.get(answer["Location"]).content.decode()
    answer = client.post(answer["Location"])
    response = Response.objects.get()
    assert answer["Location"] == url("response", response.pk)
    assert response.created_by.name == "Kim Prov"
    assert set(Membership.objects.filter(user=response.created_by).values_list("role", flat=True)) == {
        Role.EDITOR, Role.SIGNATORY, Role.ADMIN,
    }  # fmt: skip


def test_links_that_no_longer_work_say_so():
    world = make.make_open_round()
    old = make.token_of(world)
    invitation = world.round.invitations.get()
    signed_in(world.leader).post(url("send_again", invitation.pk))
    new = make.token_of(world)
    assert new != old
    answer = Client().get(url("invitation", old))
    assert (answer.status_code, "Länken gäller inte längre" in answer.content.decode()) == (409, True)
    signed_in(world.leader).post(url("address", invitation.pk), {"email": "ny@sago98.example"})
    assert Client().get(url("invitation", new)).status_code == 409
    with clock.travel(clock.now() + timedelta(days=300)):
        world.municipality.email = "ny@sago98.example"
        answer = Client().post(url("invitation", make.token_of(world)), {"name": "Kim"})
    assert (answer.status_code, "Länken har gått ut" in answer.content.decode()) == (410, True)
    assert Client().get(url("invitation", "pahittad")).status_code == 404


def test_english_readers_read_english_where_there_is_any_and_letters_stay_swedish():
    world, response = make.make_draft()
    client = signed_in(world.signatory)
    client.cookies.load({"django_language": "en"})
    assert client.post(url("submit", response.pk)).status_code == 302
    assert client.get(url("receipt", response.pk)).status_code == 200
    letter = OutgoingMail.objects.filter(key__startswith="receipt:").first()
    assert letter.subject.startswith("Kvitto")
    assert "Kontrollsumma" in letter.text


def test_anonymous_people_read_public_rounds_and_answers():
    world, response = make.make_submitted()
    make.close(world)
    assert world.round.title in Client().get(url("list")).content.decode()
    assert world.municipality.name in Client().get(url("round", world.round.pk)).content.decode()
    assert "Vi är positiva." in Client().get(url("response", response.pk)).content.decode()
    assert make_person().is_active
