"""Long reading: the page is made once per text, and never shows an old one."""

import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from strategies.domain import sections
from strategies.domain.versions import freeze_version
from strategies.publishing.reading import reading_page, renderer_for
from tests.factories.texts import insert, make_section, write

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()


@pytest.fixture
def reader(world, client):
    """The draft's page as the editor sees it."""
    world.text = make_section(world.draft, "Länet växer.", by=world.editor, title="Nuläget")
    world.goal = sections.add_section(version_id=world.draft.pk, kind="goal", title="Fler jobb", by=world.editor)
    client.force_login(world.editor)

    def read():
        return client.get(f"/versioner/{world.draft.pk}/").content.decode()

    return read


def test_reading_page_follows_every_word_heading_and_fact(world, reader):
    assert "Länet växer." in reader()
    write(world.text, world.editor, insert(1, "Hela "))
    assert "Hela Länet växer." in reader()
    sections.rename_section(section_id=world.text.pk, title="Så är det", by=world.editor)
    assert "Så är det" in reader()
    assert "2036" not in reader()
    world.goal.refresh_from_db()
    sections.set_goal_facts(
        section_id=world.goal.pk,
        by=world.editor,
        revision=world.goal.revision,
        target_year=2036,
        responsible_ids=[],
        policy_item_ids=[],
    )
    assert "2036" in reader()
    sections.remove_section(section_id=world.text.pk, by=world.editor)
    assert "Hela Länet växer." not in reader()
    sections.restore_section(section_id=world.text.pk, by=world.editor)
    assert "Hela Länet växer." in reader()


def test_reading_page_read_again_is_the_same_with_fewer_queries(world, reader):
    def count():
        with CaptureQueriesContext(connection) as captured:
            html = reader()
        return len(captured), re.sub(r'"\w{64}"', '""', html)  # without the csrf tokens

    reader()  # the session and the like
    cache.clear()
    first, second = count(), count()
    assert first[1] == second[1]
    assert second[0] < first[0]


def test_reading_page_takes_the_same_queries_for_few_sections_and_many(world, reader):
    def count():
        cache.clear()
        with CaptureQueriesContext(connection) as captured:
            reader()
        return len(captured)

    reader()
    few = count()
    for n in range(12):
        make_section(world.draft, f"Text {n}.", by=world.editor, title=f"Avsnitt {n}")
        sections.add_section(version_id=world.draft.pk, kind="goal", title=f"Mål {n}", by=world.editor)
    assert count() == few


def test_reading_page_of_a_frozen_version_is_kept_under_its_hash(world, reader):
    frozen = freeze_version(version_id=world.draft.pk, by=world.leader, label="Samrådsversion 1")
    made = reading_page(frozen)
    with CaptureQueriesContext(connection) as captured:
        assert reading_page(frozen) == made
    assert len(captured) == 0


def test_reading_page_is_for_those_who_may_read_also_when_it_is_kept(world, reader, client):
    assert "Länet växer." in reader()
    client.force_login(world.outsider)
    answer = client.get(f"/versioner/{world.draft.pk}/")
    assert answer.status_code == 404
    assert "Länet växer." not in answer.content.decode()


def test_reading_page_without_a_cache_is_only_slower(world, reader, settings, caplog):
    settings.CACHES = {
        **settings.CACHES,
        "default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"},
    }
    assert "Länet växer." in str(reading_page(world.draft).text)
    assert "cache of reading pages is away" in caplog.text


def test_reading_page_shows_no_script_that_came_with_a_text(world, reader):
    evil = make_section(world.draft, "<script>alert(1)</script> & mera", by=world.editor, title="<b>Rubrik</b>")
    html = reader()
    assert "<script>alert" not in html
    assert "&lt;b&gt;Rubrik&lt;/b&gt;" in html
    assert renderer_for(world.draft)(evil)
