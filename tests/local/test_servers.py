"""The servers that ./test starts are the ones the platform counts on."""

import pytest
from django.core.cache import cache
from django.db import connection


@pytest.mark.django_db
def test_postgres_is_eighteen_with_the_extensions_we_use():
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        version = int(cursor.fetchone()[0])
        cursor.execute(
            "SELECT array_agg(name ORDER BY name) FROM pg_available_extensions WHERE name = ANY(%s)",
            [["btree_gist", "pg_trgm", "unaccent"]],
        )
        extensions = cursor.fetchone()[0]
    assert version >= 180000
    assert extensions == ["btree_gist", "pg_trgm", "unaccent"]


@pytest.mark.django_db
def test_postgres_knows_swedish_capitals_and_stemming():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT lower('ÅÄÖ É'), to_tsvector('swedish', 'kommunernas') @@ to_tsquery('swedish', 'kommuner')"
        )
        assert cursor.fetchone() == ("åäö é", True)


def test_valkey_keeps_and_forgets():
    cache.set("test-valkey", "ja", 5)
    assert cache.get("test-valkey") == "ja"
    cache.delete("test-valkey")
    assert cache.get("test-valkey") is None
