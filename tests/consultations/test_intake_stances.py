"""Positions and decisions that a free text tells: a table of sentences as people write them; nothing where there is a doubt."""

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from consultations.domain import signoff
from consultations.domain.intake import jobs, review, taking_in
from consultations.domain.intake.own_decision import decision_in
from consultations.domain.intake.stances import said_in
from consultations.models import IntakeJob, Position
from rus_platform.kit.errors import Invalid
from tests.factories import consultations as make
from tests.factories import intake as files

S, W, OPP, N_, NO, D = "supports", "supports_with_changes", "opposes", "no_opinion", "no_objection", "declines"


class Named:
    """The goals that the sentences are about."""

    def __init__(self) -> None:
        goals = {f"mål {n}": n for n in (1, 2, 3)}
        self.known = {
            name: SectionLike(pk, kind)
            for name, pk, kind in [
                *((name, pk, "goal") for name, pk in goals.items()), ("delmål 1.1", 11, "subgoal"), ("prioritering 1", 21, "priority"),
            ]
        }  # fmt: skip

    def coded(self, code: str):
        code = code.lower()
        return self.known.get(f"del{code}" if code.startswith("mål") and "." in code else code)


class SectionLike:
    def __init__(self, pk: int, kind: str) -> None:
        self.pk, self.kind = pk, kind


PLACES = Named()
SENTENCES = [
 ("Vi tillstyrker mål 2.", [(2,S)]),
 ("Sagostads kommun tillstyrker mål 2.", [(2,S)], None, "Sagostads kommun"),
 ("Kommunen avstyrker mål 1.", [(1,OPP)]),
 ("Kommunen avstyrker mål 1 men tillstyrker mål 2.", [(1,OPP),(2,S)]),
 ("Vi tillstyrker mål 1, 2 och 3.", [(1,S),(2,S),(3,S)]),
 ("Vi tillstyrker mål 1–3.", [(1,S),(2,S),(3,S)]),
 ("Mål 2 tillstyrks.", [(2,S)]),
 ("Mål 2 avstyrks med hänvisning till kostnaderna.", [(2,OPP)]),
 ("Kommunstyrelsen ställer sig bakom mål 1.", [(1,S)]),
 ("Vi ställer oss bakom delmål 1.1 och prioritering 1.", [(11,S),(21,S)]),
 ("Vi ställer oss inte bakom mål 1.", [(1,OPP)]),
 ("Vi kan inte ställa oss bakom mål 1.", [(1,OPP)]),
 ("Kommunen kan inte tillstyrka mål 3.", [(3,OPP)]),
 ("Vi tillstyrker inte mål 2.", [(2,OPP)]),
 ("Kommunen motsätter sig mål 2.", [(2,OPP)]),
 ("Kommunen motsätter sig inte mål 2.", []),
 ("Vi avstyrker inte mål 2.", []),
 ("Vi tillstyrker mål 2 med följande ändringar:", [(2,W)]),
 ("Mål 2 tillstyrks med vissa justeringar.", [(2,W)]),
 ("Nämnden tillstyrker mål 1 under förutsättning att finansieringen klaras ut.", [(1,W)]),
 ("Vi tillstyrker mål 1, förutsatt att staten betalar.", [(1,W)]),
 ("Kommunen har inget att erinra mot mål 3.", [(3,S)]),
 ("Kommunen har inget att erinra mot förslaget.", [(None,NO)]),
 ("Vi har inga synpunkter på remissen.", [(None,NO)]),
 ("Kommunen har inga synpunkter att lämna.", [(None,NO)]),
 ("Nämnden lämnar ärendet utan erinran.", [(None,NO)]),
 ("Ingen erinran.", [(None,NO)]),
 ("Kommunen har i övrigt inget att erinra.", [(None,NO)]),
 ("Kommunen avstår från att yttra sig.", [(None,D)]),
 ("Föreningen avstår från att lämna synpunkter på förslaget.", [(None,D)]),
 ("Sametinget avböjer att yttra sig.", [], None, ""),
 ("Kommunen kommer inte att lämna något yttrande.", [(None,D)]),
 ("Vi har ingen uppfattning om mål 3.", [(3,N_)]),
 ("Vi tar inte ställning till mål 3.", [(3,N_)]),
 ("Tillstyrker mål 2.", [(2,S)]),
 ("Avstyrks.", [(1,OPP)], "mål 1"),
 ("Vi tillstyrker målet.", [(1,S)], "mål 1"),
 ("Vi tillstyrker strategin i sin helhet.", []),
 ("Vi tillstyrker förslaget.", [], "mål 1"),
 ("Kommunstyrelsen beslutar att tillstyrka mål 1.", [(1,S)]),
 ("Kommunstyrelsen beslutade att avstyrka mål 2.", [(2,OPP)]),
    # conditions, hedges, others, quotations, other things than the goal itself: nothing
 ("Vi skulle kunna tillstyrka mål 2.", []),
 ("Kommunen kan tillstyrka mål 2 om kostnaderna utreds.", []),
 ("Om målet ändras tillstyrker vi mål 2.", []),
 ("Vi tillstyrker i huvudsak mål 2.", []),
 ("Vi tillstyrker delvis mål 2.", []),
 ("Vi är positiva till mål 2.", []),
 ("Vi välkomnar mål 2.", []),
 ("Tillstyrker ni mål 2?", []),
 ("Många kommuner avstyrker mål 2.", []),
 ("Trafikverket avstyrker mål 2.", []),
 ("Grannköpings kommun avstyrker mål 2.", [], None, "Sagostads kommun"),
 ("Regionen bör avstyrka mål 2.", []),
 ("Vi föreslår att kommunstyrelsen tillstyrker mål 2.", []),
 ("Förvaltningen föreslår kommunstyrelsen besluta att tillstyrka mål 2.", []),
 ("I förra samrådet avstyrkte vi mål 2.", []),
 ("Tidigare avstyrker vi mål 2.", []),
 ("Vi tillstyrker mål 11 i Agenda 2030.", []),
 ("Vi tillstyrker de globala målen, mål 2.", []),
 ("Vi tillstyrker mål 9.", []),
 ("Ni skriver ”kommunen tillstyrker mål 2 i alla delar” men så är det inte.", []),
 ("Vi vill avstyrka mål 2.", []),
 ("Kommunen har inte tagit ställning, men avser att tillstyrka mål 2.", []),
 ("Vi tillstyrker mål 2. Vi avstyrker mål 2.", []),
 ("Vi tillstyrker mål 2 och avstyrker mål 3.", [(2,S),(3,OPP)]),
 ("Vi har inget att erinra mot förslaget men avstyrker mål 3.", [(3,OPP)]),
 ("Därför avstyrker vi mål 1.", [(1,OPP)]),
 ("Därför avstyrker Trafikverket mål 1.", []),
 ("Den politiska minoriteten avstyrker mål 1.", []),
 ("Vi avstyrker de formuleringar som lägger kostnader på kommunerna.", []),
 ("Vi avstår från att ta ställning till mål 3.", [(3,N_)]),
 ("Kommunen stödjer mål 1 fullt ut.", [(1,S)]),
 ("Det finns en risk att kommunen avstyrker mål 1.", []),
 ("Kommunen har synpunkter på mål 1.", []),
 ("Vi har inga synpunkter på mål 1.", [(1,S)]),
 ("Vi har inga synpunkter på avsnitt 3.", []),
 ("Vi avstår inte från att yttra oss.", []),
 ("Mål 1: Tillstyrks. Mål 2: Avstyrks.", [(1,S),(2,OPP)]),
 ("Kommunen avstyrker mål 2, eftersom det som föreslås saknar pengar om staten inte betalar.", [(2,OPP)]),
 ("Kommunen tillstyrker mål 2, om staten betalar.", []),
 ("Kommunen instämmer i mål 2.", []),
 ("Vi avstyrker att mål 2 stryks.", []),
 ("Vi tillstyrker att mål 2 tas bort.", []),
 ("Vi tillstyrker ändringen av mål 2.", []),
 ("Vi stödjer kommunerna i arbetet med mål 2.", []),
]  # fmt: skip


@pytest.mark.parametrize("case", SENTENCES, ids=lambda case: case[0])
def test_what_a_sentence_says_its_organisation_thinks(case):
    text, expected = case[:2]
    context, own = (*case[2:], "", "")[:2]
    found = said_in(text, PLACES, PLACES.known.get(context or ""), own)
    assert sorted((one.section.pk if one.section else 0, one.stance or one.kind) for one in found) == sorted(
        (pk or 0, value) for pk, value in expected
    )
    assert all(one.words and one.words in text for one in found)


WORDS = ["tillstyrker", "avstyrker", "inte", "mål 2", "Mål 1", "vi", "kommunen", "om", "men", "och", "har inget att erinra", "förslaget", ".", ",", "med ändringar", "”", "avstår från att yttra sig", "\n"]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=25))
def test_any_words_propose_a_goal_at_most_once_and_quote_what_stands_there(words):
    text = " ".join(words)
    found = said_in(text, PLACES)
    keys = [one.section.pk if one.section else None for one in found]
    assert len(keys) == len(set(keys))
    assert all(one.words in text for one in found)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=400))
def test_any_text_is_read_without_falling(text):
    said_in(text, PLACES)
    decision_in([{"text": text, "kind": ""}])


# --- decisions


@pytest.mark.parametrize(
    ("lines", "facts"),
    [
        (["Kommunstyrelsen beslutade den 12 januari 2027, § 14, att lämna yttrandet."], ("Kommunstyrelsen", "2027-01-12", "§ 14", "")),
        (["Protokollsutdrag", "Dnr KS 2026/0123", "Kommunstyrelsen 2027-01-12 § 14"], ("Kommunstyrelsen", "2027-01-12", "§ 14", "KS 2026/0123")),
        (["Vårt dnr: 2026-00417", "Er beteckning: RS 2026-1"], ("", "", "", "2026-00417")),
        (["Diarienummer KS-2026.345"], ("", "", "", "KS-2026.345")),
        (["Yttrandet antogs av samhällsbyggnadsnämnden 2027-01-20."], ("Samhällsbyggnadsnämnden", "2027-01-20", "", "")),
        (["Kommunstyrelsen 2027-01-12 § 14", "Kommunstyrelsen beslutade 2027-01-12."], ("Kommunstyrelsen", "2027-01-12", "§ 14", "")),
        # two answers, a plan, a date of something else, no day at all: nothing
        (["Kommunstyrelsen beslutade 2027-01-12 § 14.", "Kommunfullmäktige beslutade 2027-02-01 § 3."], None),
        (["Kommunstyrelsen ska besluta den 12 januari 2027."], None),
        (["Förslag till beslut: kommunstyrelsen beslutar 2027-01-12 § 14"], None),
        (["Remissen kom till kommunstyrelsen 2026-11-01."], None),
        (["Kommunstyrelsen beslutade 2027-02-31 § 2."], None),
        (["Dnr 2026-1", "Dnr 2026-2"], None),
        (["Er beteckning: RS 2026-1"], None),
        (["Vi vill ha mer tåg."], None),
    ],
)  # fmt: skip
def test_what_a_document_says_about_its_decision(lines, facts):
    found = decision_in([{"text": text, "kind": ""} for text in lines])
    told = found and tuple(found.facts.get(name, "") for name in ("body", "decided_on", "paragraph", "case_number"))
    assert told == facts


# --- the whole way


STATEMENT = [
    "Dnr KS 2026/0123", "Kommunstyrelsen beslutade den 12 januari 2025, § 14, att lämna följande yttrande.", "# Mål 1 Ett län som reser",
    "Kommunen tillstyrker målet med följande ändringar. Bussen behöver nämnas, och det ska framgå vem som betalar för den.",
    "# Delmål 1.1", "Kommunen avstyrker delmål 1.1, eftersom det saknas pengar för det som föreslås där.",
]  # fmt: skip


@pytest.fixture
def world(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return make.make_open_round()


def test_nothing_of_it_is_taken_in_before_a_person_has_confirmed_it(world):
    draft = make.start(world)
    job = files.read(world, draft, files.statement(STATEMENT), "yttrande.docx")
    proposed = job.items.exclude(what="point").order_by("position")
    assert [(item.what, item.stance, item.section, item.certain) for item in proposed] == [
        ("decision", "", None, False), ("position", W, world.goal, False), ("position", OPP, world.subgoal, False),
    ]  # fmt: skip
    assert "”Kommunen tillstyrker målet med följande ändringar.”" in proposed[1].doubt
    assert review.accept_certain(job_id=job.pk, by=world.editor) < job.items.count()
    assert not Position.objects.filter(response=draft).exists()
    for item in proposed:
        review.accept_item(item_id=item.pk, by=world.editor)
    taking_in.take_in(job_id=job.pk, by=world.editor, leave_rest=True)
    draft.refresh_from_db()
    assert draft.own_case_number == "KS 2026/0123"
    assert {(row.section, row.stance) for row in draft.positions.all()} == {(world.goal, W), (world.subgoal, OPP)}
    assert not hasattr(draft, "decision")  # nobody has recorded it
    signoff.choose_sign_off(response_id=draft.pk, by=world.editor, political=True)
    signoff.mark_ready(response_id=draft.pk, by=world.editor)
    client = Client()
    client.force_login(world.editor, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("consultations:submit", args=[draft.pk])).content.decode()
    assert all(f'value="{words}"' in page for words in ("Kommunstyrelsen", "2025-01-12", "§ 14", "KS 2026/0123"))


def test_a_wrong_proposal_of_a_decision_is_put_right_on_the_page(world):
    draft = make.start(world)
    job = files.read(world, draft, files.statement(STATEMENT), "yttrande.docx")
    item = job.items.get(what="decision")
    client = Client()
    client.force_login(world.editor, backend="django.contrib.auth.backends.ModelBackend")
    said = {
        "revision": item.revision,
        "body": "Nämnden",
        "decided_on": "2999-01-01",
        "paragraph": "§ 1",
        "case_number": "",
    }
    fields = {f"i{item.pk}-{name}": value for name, value in said.items()}
    answer = client.post(reverse("consultations:decide_item", args=[item.pk]), {**fields, "deed": "accept"})
    assert (answer.status_code, "Den ska ha varit" in answer.content.decode()) == (422, True)
    item.refresh_from_db()
    fields |= {f"i{item.pk}-revision": item.revision, f"i{item.pk}-decided_on": "2025-01-13"}
    assert (
        client.post(reverse("consultations:decide_item", args=[item.pk]), {**fields, "deed": "accept"}).status_code
        == 302
    )
    item.refresh_from_db()
    assert (item.state, item.facts["body"], item.facts["decided_on"]) == ("accepted", "Nämnden", "2025-01-13")


@pytest.mark.parametrize(
    ("text", "kind"), [("Kommunen avstår från att yttra sig.", D), ("Kommunen har inget att erinra mot förslaget.", NO)]
)
def test_an_answer_that_declines_or_has_nothing_against_it(world, text, kind):
    draft = make.start(world)
    job = files.read(world, draft, files.letter(text), "svar.eml")
    item = job.items.get(what="kind")
    assert item.text == kind
    review.accept_item(item_id=item.pk, by=world.editor)
    taking_in.take_in(job_id=job.pk, by=world.editor, leave_rest=True)
    draft.refresh_from_db()
    assert draft.kind == kind


def test_no_objection_is_not_proposed_when_the_text_has_views_all_the_same(world):
    text = "Vi saknar cykeln i mål 1, och det är en brist.\n\nI övrigt har kommunen inget att erinra mot förslaget."
    job = files.read(world, make.start(world), files.letter(text), "svar.eml")
    assert not job.items.filter(what="kind").exists()


# --- a picture that somebody writes off


def test_points_are_written_off_a_picture_and_taken_in(world):
    draft = make.start(world)
    job = files.read(world, draft, files.many_pages(files.scanned(), 2), "skannat.pdf")
    assert job.drawn.count() == 2
    client = Client()
    client.force_login(world.editor, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("consultations:intake", args=[job.pk]) + "?bild=2").content.decode()
    assert "bild 2 av 2" in page
    url = reverse("consultations:write_off", args=[job.pk])
    assert client.post(url, {"text": "", "bild": "2"}).status_code == 422
    wrong = client.post(url, {"text": "Nämn bussen.", "section": world.goal.pk, "quote": "Står inte där", "bild": "2"})
    assert (wrong.status_code, "Orden står inte så" in wrong.content.decode()) == (422, True)
    done = client.post(url, {"text": "Nämn bussen.", "section": world.goal.pk, "quote": "stärka tåget", "bild": "2"})
    assert done["Location"].endswith("?bild=2#avskrift")
    item = job.items.get()
    assert (item.state, item.page, item.quote) == ("accepted", 2, "stärka tåget")
    taking_in.take_in(job_id=job.pk, by=world.editor)
    assert [(row.text, row.anchor.quote) for row in draft.points.all()] == [("Nämn bussen.", "stärka tåget")]
    with pytest.raises(Exception, match="inte längre under granskning"):
        review.add_item(job_id=job.pk, by=world.editor, text="Mer")


def test_only_those_who_may_look_see_the_picture(world):
    draft = make.start(world)
    job = files.read(world, draft, files.scanned(), "skannat.pdf")
    url = reverse("consultations:intake_picture", args=[job.pk, 1])
    seen = {}
    for name, person in (("own", world.editor), ("region", world.leader)):
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        seen[name] = client.get(url)
    assert (seen["own"]["Content-Type"], seen["own"]["X-Content-Type-Options"], seen["region"].status_code) == (
        "image/jpeg", "nosniff", 404,
    )  # fmt: skip
    assert Client().get(url).status_code == 302


def test_a_file_that_is_read_again_keeps_its_pictures_once(world):
    job = files.read(world, make.start(world), files.scanned(), "skannat.pdf")
    IntakeJob.objects.filter(pk=job.pk).update(state="waiting")
    jobs.read_intake(job_id=job.pk)
    assert job.drawn.count() == 1


def test_a_point_is_not_written_off_by_somebody_else(world):
    job = files.read(world, make.start(world), files.scanned(), "skannat.pdf")
    with pytest.raises(Exception, match="kan inte arbeta med"):
        review.add_item(job_id=job.pk, by=world.leader, text="Mer")
    with pytest.raises(Invalid):
        review.add_item(job_id=job.pk, by=world.editor, text="  ")
