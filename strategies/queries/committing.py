"""What every commit asks for and puts down: few questions, prepared, since people who write ask them all day long."""

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection
from psycopg import sql

from rus_platform.kit.prepared import PreparedRow
from strategies.models import Section, Step, Strategy, Version

_locked = PreparedRow(Section, lambda pk: Section.objects.filter(pk=pk).select_for_update(no_key=True), -1)
_version = PreparedRow(Version, lambda pk: Version.objects.filter(pk=pk), -1)
_strategy = PreparedRow(Strategy, lambda pk: Strategy.objects.filter(pk=pk), -1)


def locked_section(section_id: int) -> Section | None:
    """The section, locked until the transaction ends; its text is fetched only when it is asked for.

    Its version is read after the lock: one that came with the row would be as it was before a freeze that we waited for.
    """
    section = _locked(section_id)
    if section is not None:
        section.version = _version(section.version_id)  # type: ignore[assignment]
        section.version.strategy = _strategy(section.version.strategy_id)  # type: ignore[assignment]
    return section


@lru_cache(maxsize=10_000)
def whereabouts(version_id: int, uuid: UUID) -> tuple[int, int] | None:
    """A section's key and the region that owns its text: neither ever changes."""
    rows = Section.objects.filter(version_id=version_id, uuid=uuid)
    return rows.values_list("pk", "version__strategy__owner_id").first()


def put_down(section: Section, doc: str, rows: Sequence[Step]) -> None:
    """One journey to the database: the steps, and the text (JSON) that they have led to; ``section.work`` with it."""
    values = sql.SQL(", ").join([sql.SQL("(%s, %s, %s::jsonb, %s, %s, %s, %s)")] * len(rows))
    given: list[Any] = []
    for row in rows:
        step = json.dumps(row.step, ensure_ascii=False)
        given += [row.section_id, row.n, step, row.by_id, row.at, row.via, row.batch_id]
    with connection.cursor() as cursor:
        cursor.execute(PUT_DOWN.format(values=values), [*given, doc, rows[-1].n, rows[-1].at, section.work, section.pk])


PUT_DOWN = sql.SQL(
    "WITH trail AS (INSERT INTO strategies_step (section_id, n, step, by_id, at, via, batch_id) VALUES {values})"
    " UPDATE strategies_section SET doc = %s::jsonb, doc_version = %s, updated_at = %s, work = %s WHERE id = %s"
)
