"""A region's space: create_strategy and its wizard."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from actors.domain.membership import end_role
from actors.models import AuditEvent, Role
from rus_platform.kit.errors import Forbidden, Invalid
from strategies.domain.outline_templates import KEYS
from strategies.domain.spaces import create_strategy
from strategies.models import Strategy, StrategyActor
from strategies.queries.spaces import visible_to
from tests.factories.actors import make_county, make_municipality, make_person, make_region
from tests.factories.strategies import make_strategy, working_version
from tests.factories.threads import together

pytestmark = pytest.mark.django_db
STEPS = ["/strategier/ny/", "/strategier/ny/namn/", "/strategier/ny/disposition/", "/strategier/ny/granska/"]


@pytest.fixture
def region():
    return make_region()


@pytest.fixture
def leader(region, client):
    person = make_person(region, Role.LEADER)
    client.force_login(person)
    return person


def create(by, **given):
    return create_strategy(
        **{"by": by, "county_codes": ["98"], "title": "Vår strategi", "horizon_from": 2026, "horizon_to": 2040, **given}
    )


def test_create_strategy_makes_register_and_outline():
    strategy = make_strategy()
    kinds = sorted(strategy.taking_part.values_list("kind", flat=True))
    assert kinds == ["county_board", "municipality", "municipality", "municipality", "region"]
    version = working_version(strategy)
    assert (version.number, version.label) == (1, "Utkast 1")
    titles = version.sections.filter(parent=None).values_list("title", flat=True)
    assert list(titles) == [
        "Förord", "Syfte och uppdrag", "Nulägesanalys", "Målbild", "Mål", "Prioriteringar",
        "Genomgående perspektiv", "Genomförande", "Uppföljning och lärande",
    ]  # fmt: skip
    assert AuditEvent.objects.filter(strategy_id=strategy.pk).count() == 1


def test_create_strategy_keeps_goals_and_priorities_whatever_is_chosen():
    strategy = make_strategy(chapters=("foreword",))
    titles = working_version(strategy).sections.filter(parent=None).values_list("title", flat=True)
    assert list(titles) == ["Förord", "Mål", "Prioriteringar"]


def test_create_strategy_for_two_counties_is_owned_by_ones_own_region(leader, region):
    make_county("97", 2)
    strategy = create(leader, county_codes=["97", "98"])
    assert strategy.owner == region
    assert StrategyActor.objects.filter(strategy=strategy, kind="municipality").count() == 5


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("title", {"title": "  "}),
        ("title", {"title": "x" * 161}),
        ("horizon_from", {"horizon_from": 1999}),
        ("horizon_to", {"horizon_to": 2026}),
        ("horizon_to", {"horizon_to": 2101}),
        ("counties", {"county_codes": []}),
        ("counties", {"county_codes": ["98", "00"]}),
        ("chapters", {"chapters": ["foreword", "kung"]}),
    ],
)
def test_create_strategy_with_bad_input_says_which_field_and_makes_nothing(leader, field, given):
    with pytest.raises(Invalid) as refusal:
        create(leader, **given)
    assert list(refusal.value.fields) == [field]
    assert not Strategy.objects.exists()


@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("admin", True),
        ("leader", True),
        ("editor", False),
        ("signatory", False),
        ("secretary", False),
        ("reader", False),
    ],
)
def test_create_strategy_by_role(region, role, may):
    person = make_person(region, role)
    if may:
        assert create(person)
    else:
        with pytest.raises(Forbidden):
            create(person)


def test_create_strategy_for_somebody_elses_region_is_refused(leader):
    make_region("97")
    with pytest.raises(Forbidden):
        create(leader, county_codes=["97"])


def test_create_strategy_after_the_role_ended_is_refused(leader, region):
    boss = make_person(region, Role.ADMIN)
    end_role(membership_id=leader.memberships.get().pk, by=boss)
    with pytest.raises(Forbidden):
        create(leader)


def test_create_strategy_with_the_same_key_is_the_same(leader):
    assert create(leader, key="k1") == create(leader, key="k1")
    with pytest.raises(Invalid):  # the same name in another form
        create(leader, key="k2")


def test_create_strategy_gives_each_its_own_address(leader):
    make_region("97")
    other = make_person(make_region("97"), Role.LEADER)
    assert {create(leader).slug, create(other, county_codes=["97"]).slug} == {"var-strategi", "var-strategi-2"}


def test_create_strategy_takes_the_same_queries_for_one_county_and_three(leader):
    for code in ("95", "96", "97"):
        make_region(code, 3)
    counts = []
    for codes in (["98"], ["98", "95", "96"]):
        with CaptureQueriesContext(connection) as captured:
            create(leader, county_codes=codes, title=f"Strategi {len(codes)}")
        counts.append(len(captured))
    assert counts[0] == counts[1]


@pytest.mark.django_db(transaction=True)
def test_create_strategy_twice_at_once_makes_one():
    region = make_region()
    person = make_person(region, Role.LEADER)
    results = together(*[lambda: create(person, key="oneform").pk] * 2)
    assert results[0] == results[1]
    assert Strategy.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_create_strategy_with_one_name_in_two_forms_at_once_makes_one():
    region = make_region()
    person = make_person(region, Role.LEADER)
    results = together(lambda: create(person, key="a"), lambda: create(person, key="b"))
    assert sorted(type(result).__name__ for result in results) == ["Invalid", "Strategy"]


# --- Who knows of it ------------------------------------------------------------------------
def test_a_draft_is_visible_to_the_region_and_nobody_else(leader, region):
    strategy = create(leader)
    assert list(visible_to(make_person(region, Role.READER))) == [strategy]
    assert list(visible_to(make_person(make_municipality(), Role.ADMIN))) == []
    assert list(visible_to(make_person(make_region("97"), Role.LEADER))) == []


# --- The wizard -----------------------------------------------------------------------------
def walk(client, title="Vår strategi"):
    client.post(STEPS[0], {"counties": ["98"]})
    client.post(STEPS[1], {"title": title, "horizon_from": "2026", "horizon_to": "2040"})
    client.post(STEPS[2], {"chapters": ["foreword", "vision"]})
    return client.get(STEPS[3])


def test_wizard_creates_what_was_reviewed(client, leader):
    page = walk(client)
    assert "Region Sago98" in page.content.decode()
    answer = client.post(STEPS[3], {"key": page.context["key"]})
    strategy = Strategy.objects.get()
    assert answer.headers["Location"] == f"/strategier/{strategy.pk}/"
    titles = working_version(strategy).sections.filter(parent=None).values_list("title", flat=True)
    assert list(titles) == ["Förord", "Målbild", "Mål", "Prioriteringar"]


def test_wizard_sent_twice_creates_one(client, leader):
    page = walk(client)
    first = client.post(STEPS[3], {"key": page.context["key"]})
    second = client.post(STEPS[3], {"key": page.context["key"]})
    assert Strategy.objects.count() == 1
    assert second.status_code == 302
    assert first.headers["Location"] == second.headers["Location"]


def test_wizard_loses_nothing_on_the_way_back(client, leader):
    walk(client, title="Namn med Å")
    client.post(STEPS[1], {"title": "Halvskrivet", "horizon_from": "abc", "horizon_to": "", "go": "back"})
    page = client.get(STEPS[1]).content.decode()
    assert 'value="Halvskrivet"' in page
    assert 'value="abc"' in page


def test_wizard_shows_what_was_wrong_and_keeps_it(client, leader):
    client.post(STEPS[0], {"counties": ["98"]})
    answer = client.post(STEPS[1], {"title": "<b>Strategi</b>", "horizon_from": "2040", "horizon_to": "2030"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Slutåret ska vara efter startåret" in page
    assert "&lt;b&gt;Strategi&lt;/b&gt;" in page


def test_wizard_begins_where_answers_are_missing(client, leader):
    assert client.get(STEPS[3]).headers["Location"] == STEPS[0]
    client.post(STEPS[0], {"counties": ["98"]})
    assert client.get(STEPS[3]).headers["Location"] == STEPS[1]


def test_wizard_asks_for_ones_own_county(client, leader, settings):
    settings.DEMO = True
    make_region("97")
    answer = client.post(STEPS[0], {"counties": ["97"]})
    assert answer.status_code == 422
    assert "Välj också ditt eget län" in answer.content.decode()


def test_wizard_hides_fictional_counties_outside_a_demo(client, leader, settings):
    make_county("97")
    for demo in (True, False):
        settings.DEMO = demo
        page = client.get(STEPS[0]).content.decode()
        assert ("Sago98" in page, "Sago97" in page) == (True, demo)


@pytest.mark.parametrize("role", ["editor", "secretary", "reader"])
def test_wizard_is_for_leaders_and_administrators(client, region, role):
    client.force_login(make_person(region, role))
    assert client.get(STEPS[0]).status_code == 403


def test_strategy_list_takes_constant_queries(client, leader):
    counts = []
    for titles in (["A"], ["B", "C"]):
        for title in titles:
            create(leader, title=title, chapters=KEYS[:1])
        client.get("/strategier/")
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/strategier/").status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]
