"""The fictional county: its texts, what its consultees answer, and the story told through the verbs."""

import csv
import io
import json
import re
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import transaction
from django.test import Client

from actors.models import Actor, AuditEvent, User
from actors.queries.demo import demo_accounts, demo_doors
from consultations import demo
from consultations.demo import corpus, opinions
from consultations.demo.casting import CODE, NEIGHBOURS, PASSWORD, make_cast
from consultations.demo.consultees import consultees
from consultations.demo.energy import Energy
from consultations.demo.energy_opinions import compose_energy
from consultations.demo.facts import Indicator, county, indicators, part_of, places
from consultations.demo.moments import at
from consultations.demo.reading import keyed
from consultations.demo.story import Story
from consultations.demo.swedish import genitive, listed, municipality_name, whole, words
from consultations.domain import settling
from consultations.models import (
    ChangeLink,
    ConsultationRound,
    Disposition,
    Extension,
    IntakeJob,
    InternalNote,
    Moderation,
    Point,
    Redaction,
    Response,
)
from consultations.queries.carrying import to_confirm
from rus_platform.kit import clock
from strategies.domain import documents
from strategies.models import AnchorResolution, Publication, Strategy, Suggestion, Version

DATA = Path(__file__).resolve().parents[2] / "actors" / "data"
EDITIONS = [corpus.build, corpus.build_earlier, corpus.build_energy, corpus.build_energy_early]


@pytest.fixture(scope="module")
def sections() -> list[corpus.Section]:
    return corpus.build(1)


@pytest.fixture(scope="module")
def chorus(sections: list[corpus.Section]) -> list[opinions.Opinion]:
    return opinions.compose(sections, 1)


def texts_of(sections: list[corpus.Section]) -> dict[str, list[str]]:
    return {row["key"]: [block.text for block in documents.blocks(row["doc"])] for row in sections}


# --- The texts ---


def test_build_has_the_size_of_a_real_strategy(sections: list[corpus.Section]) -> None:
    kinds = Counter(row["kind"] for row in sections)
    assert (kinds["goal"], kinds["subgoal"], kinds["priority"]) == (5, 18, 8)
    assert 215_000 < corpus.characters(sections) < 270_000
    assert len(indicators()) == 40


@pytest.mark.parametrize("build", EDITIONS)
def test_build_is_the_same_for_the_same_seed(build: Any) -> None:
    assert json.dumps(build(7)) == json.dumps(build(7))
    assert json.dumps(build(7)) != json.dumps(build(8))


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("build", EDITIONS)
def test_build_makes_documents_that_can_be_saved(build: Any, seed: int) -> None:
    made = build(seed)
    known = {row["uuid"] for row in made}
    for row in made:
        documents.parse(row["doc"])
        text = documents.plain_text(row["doc"])
        assert documents.refs_in(row["doc"]) <= known
        assert not {"{", "}", "@", "[[", "**", "^["} & {
            mark for mark in ("{", "}", "@", "[[", "**", "^[") if mark in text
        }, row["key"]


def test_build_puts_parents_before_children(sections: list[corpus.Section]) -> None:
    seen: set[str] = set()
    for row in sections:
        assert row["parent"] is None or row["parent"] in seen
        seen.add(row["key"])


def test_build_scaled_has_four_times_the_sections_with_ids_of_their_own(sections: list[corpus.Section]) -> None:
    large = corpus.build(1, scale=4)
    assert len({row["uuid"] for row in large}) == len(large) == 4 * len(sections)
    assert corpus.characters(large) > 3.9 * corpus.characters(sections)


def test_every_edition_says_that_it_is_invented() -> None:
    for build in EDITIONS:
        foreword = next(row for row in build(1) if row["key"] == "forord")
        assert "Påhittat län." in documents.plain_text(foreword["doc"])


def test_numbers_in_the_text_agree_with_the_county(sections: list[corpus.Section]) -> None:
    people = sum(place.people for place in places(1))
    growth_of_town = next(p.people - p.people_2014 for p in places(1) if p.name == "Älvstad")
    assert county(1)["folk"] == whole(people)
    assert growth_of_town > people - sum(place.people_2014 for place in places(1))  # as the analysis claims
    assert all(place.growth < 0 for place in part_of("skogslandet") if place.name != "Gransjö")
    assert whole(people) in "\n".join(texts_of(sections)["sammanfattning"])


@pytest.mark.parametrize("subgoal", sorted(keyed("subgoals.txt")))
def test_every_subgoal_has_two_indicators_and_its_paragraphs(subgoal: str) -> None:
    mine = [i for i in indicators() if i.subgoal == subgoal]
    assert len(mine) == 2
    assert all(Indicator.value(i.target) != Indicator.value(i.now) for i in mine)
    told = keyed("subgoals.txt")[subgoal]
    assert (len(told["L"]), len(told["G"]), len(told["E"])) == (2, 5, 4)


def test_swedish_forms() -> None:
    assert [words(n) for n in (3, 20, 21, 33)] == ["tre", "tjugo", "tjugoen", "trettiotre"]
    assert listed(["a", "b", "c"]) == "a, b och c"
    assert (genitive("Älvstad"), genitive("Forss")) == ("Älvstads", "Forss")
    assert (municipality_name("Älvstad"), municipality_name("Kvarnede")) == ("Älvstads kommun", "Kvarnede kommun")


# --- Who they are ---


def test_nobody_is_real() -> None:
    with (DATA / "municipalities.csv").open(encoding="utf-8", newline="") as file:
        towns = {row["name"] for row in csv.DictReader(file)}
    with (DATA / "counties.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    real = towns | {row["region_name"] for row in rows} | {row["seat"] for row in rows}
    assert not real & {place.name for place in places(1)}
    assert not real & {who.name for who in consultees(1)}
    assert not {row["code"] for row in rows} & {CODE, *(code for code, _name in NEIGHBOURS.values())}


def test_120_consultees_with_addresses_that_lead_nowhere() -> None:
    assert len({who.key for who in consultees(1)}) == len({who.mailbox for who in consultees(1)}) == 120
    assert all(who.mailbox.endswith(".example") for who in consultees(1))


# --- What they answer ---


def test_90_responses_with_900_points(chorus: list[opinions.Opinion]) -> None:
    assert len({opinion.who.key for opinion in chorus}) == len(chorus) == 90
    assert sum(len(opinion.views) for opinion in chorus) == 900
    assert Counter(opinion.kind for opinion in chorus) == {"answer": 77, "declines": 7, "no_objection": 6}
    assert sum(opinion.share > 1 for opinion in chorus) == opinions.LATE


def test_every_written_opinion_is_about_words_that_stand_there(sections: list[corpus.Section]) -> None:
    texts = texts_of(sections)
    assert len(opinions.written()) >= 150
    for view in opinions.written():
        assert view.section is None or any(view.quote in text for text in texts[view.section]), view
    energy = texts_of(corpus.build_energy(1))
    for view in opinions.written("energy.txt"):
        assert view.section is None or any(view.quote in text for text in energy[view.section]), view


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_point_is_about_words_that_stand_there(seed: int) -> None:
    made = corpus.build(seed)
    texts = texts_of(made)
    views = [view for opinion in opinions.compose(made, seed) for view in opinion.views]
    assert len(views) == 900
    assert [view for view in views if view.quote and not any(view.quote in text for text in texts[view.section])] == []
    assert not [view for view in views if "{" in view.text]


def test_some_contradict_one_another_on_the_same_words(chorus: list[opinions.Opinion]) -> None:
    wordings: dict[tuple[str | None, str], set[str]] = {}
    for opinion in chorus:
        for view in opinion.views:
            if view.wording:
                wordings.setdefault((view.section, view.quote), set()).add(view.wording)
    assert sum(len(found) > 1 for found in wordings.values()) >= 10


def test_opinions_are_the_same_for_the_same_seed(
    sections: list[corpus.Section], chorus: list[opinions.Opinion]
) -> None:
    assert opinions.compose(sections, 1) == chorus
    assert opinions.compose(sections, 2) != chorus


def test_the_open_round_is_the_same_for_the_same_seed() -> None:
    assert compose_energy(1) == compose_energy(1)
    assert compose_energy(1) != compose_energy(2)
    uses = Counter((view.section, view.quote, view.text) for opinion in compose_energy(1) for view in opinion.views)
    assert max(uses.values()) <= 3


# --- The story ---


def test_the_story_is_told_through_verbs_only() -> None:
    """Nothing is written to the database but by ``domain``; the counties are reference data, for which there is no verb."""
    writes = re.compile(r"\.(save|create|bulk_create|bulk_update|update|get_or_create|update_or_create|delete)\(")
    found = {
        (path.name, match[1])
        for path in Path(demo.__file__).parent.glob("*.py")
        for match in writes.finditer(path.read_text("utf-8"))
        if not path.read_text("utf-8")[: match.start()].endswith(("document", "uses"))  # a Word file, a counter
    }
    assert found == {("casting.py", "create"), ("casting.py", "bulk_create")}


def told(now: datetime) -> list[tuple[Any, ...]]:
    """The energy strategy's story on its own, told and taken back; what came of it."""
    with transaction.atomic(), clock.travel(now):
        story = Story(1)
        with clock.travel(at("2016-08-22")):
            story.cast = make_cast(1)
        Energy(story, story.cast, 1, lambda text: None).tell()
        answers = Response.objects.order_by("round__kind", "actor__name", "version")
        rows = list(
            answers.values_list("round__kind", "actor__name", "version", "state", "number", "summary", "submitted_at")
        )
        points = Point.objects.order_by("response__actor__name", "response__round__kind", "response__version", "number")
        rows += list(points.values_list("response__actor__name", "number", "text", "dispositions__decision"))
        transaction.set_rollback(True)
    return rows


@pytest.mark.slow
@pytest.mark.django_db
def test_the_story_told_twice_is_the_same(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    now = clock.now()
    assert told(now) == told(now)


def tells_of_the_energy_strategy() -> None:
    """An early dialogue with fates, a shared draft, and a referral in which everything that can happen has happened."""
    early, shared, running = (ConsultationRound.objects.get(kind=kind) for kind in ("early", "sharing", "referral"))
    assert (early.state, shared.state, running.state) == ("settled", "closed", "open")
    for round_ in (early, shared):
        assert not settling.undecided_points(round_).exists()
    assert ChangeLink.objects.filter(point__response__round=early).count() == 6
    assert Counter(shared.responses.values_list("state", flat=True)) == {"submitted": 3, "unsent": 1}

    mine = running.responses.filter(stream="consultee")
    assert set(mine.values_list("state", flat=True)) == {"drafting", "ready", "decided", "submitted", "superseded"}
    assert set(mine.values_list("kind", flat=True)) == {"answer", "declines", "no_objection"}
    adopted = mine.get(supersedes__isnull=False)
    assert (adopted.supersedes.preliminary, adopted.preliminary, adopted.state) == (True, False, "submitted")
    assert Counter(mine.filter(entered_by__isnull=False).values_list("channel", "state")) == {
        ("file", "submitted"): 1, ("email", "submitted"): 1, ("email", "drafting"): 1,
    }  # fmt: skip
    assert Counter(IntakeJob.objects.values_list("side", "state")) == {
        ("own", "ready"): 1, ("region", "taken_in"): 2, ("region", "ready"): 1,
    }  # fmt: skip
    assert Counter(Extension.objects.values_list("state", flat=True)) == {"requested": 1, "granted": 1, "refused": 1}
    assert running.invitations.filter(mail__bounced_at__isnull=False).count() == 1
    assert Counter(running.meetings.values_list("state", flat=True)) == {
        "handed_over": 1, "held_meeting": 1, "planned": 1,
    }  # fmt: skip
    moderated = Moderation.objects.filter(response__round=running).values_list("state", flat=True)
    assert Counter(moderated) == {"published": 2, "held": 1, "waiting": 2}

    tallmo = mine.get(actor__name="Tallmo kommun")
    assert (tallmo.assignments.count(), InternalNote.objects.filter(response=tallmo).count()) == (6, 5)
    assert InternalNote.objects.exclude(response=tallmo).count() == 0


@pytest.mark.slow
@pytest.mark.django_db
def test_demo_command_tells_the_whole_story(client: Client, settings: Any, tmp_path: Path) -> None:
    settings.DEMO, settings.DEMO_ACCOUNTS_FILE = True, str(tmp_path / "demo.json")
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    said = io.StringIO()
    call_command("demo", stdout=said)
    assert PASSWORD in said.getvalue()

    strategy = Strategy.objects.get(title__startswith="Regional utvecklingsstrategi")
    assert list(strategy.versions.order_by("number").values_list("status", flat=True)) == [
        "adopted",
        "consultation",
        "working",
    ]
    assert Publication.objects.filter(version__strategy=strategy, version__status="adopted").count() == 1

    closed = ConsultationRound.objects.get(version__strategy=strategy)
    answers = closed.responses.filter(state="submitted", stream="consultee")
    assert (closed.state, closed.invitations.count(), answers.count()) == ("closed", 120, 90)
    assert answers.filter(late=True).count() == opinions.LATE
    points = Point.objects.filter(response__in=answers)
    decided = Disposition.objects.filter(point__in=points, current=True).count()
    assert points.count() == 900 and 450 < decided < 650
    assert ChangeLink.objects.filter(point__in=points).count() > 20
    draft = strategy.versions.get(status="working")
    outcomes = set(AnchorResolution.objects.filter(version=draft).values_list("outcome", flat=True))
    assert {"exact", "reworded"} <= outcomes
    assert to_confirm(draft).exists()
    assert (Suggestion.objects.filter(section__version=draft).count(), draft.strategy.comments.count()) == (3, 3)
    assert Moderation.objects.filter(response__round=closed, state="published").count() == 3
    assert (
        Redaction.objects.filter(lifted_at=None).count() == 3
    )  # a telephone number in each round, and where an eagle nests
    tells_of_the_energy_strategy()

    assert not Actor.objects.filter(fictional=False).exists()
    assert not Response.objects.filter(submitted_at__lt=closed.opened_at).exists()
    assert not AuditEvent.objects.filter(
        at__gt=Version.objects.latest("created_at").created_at, verb="create_strategy"
    ).exists()
    accounts = demo_accounts()
    assert {account.password for account in accounts} == {PASSWORD}
    assert all(User.objects.get(email=account.email).check_password(PASSWORD) for account in accounts)
    assert all(account.group and account.about for account in accounts)
    assert all(client.get(door.url).status_code == 200 for door in demo_doors())

    with pytest.raises(CommandError, match="not empty"):
        call_command("demo")
