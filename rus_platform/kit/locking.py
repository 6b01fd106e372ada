"""The first beat: lock the row that the verb is about."""

from typing import TypeVar

from django.db import connection
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from rus_platform.kit.errors import NotFound

T = TypeVar("T", bound=Model)


def lock(rows: QuerySet[T]) -> T:
    """The one row of ``rows``, locked until the transaction ends; NotFound when there is none.

    ``no_key``: whoever adds a row that refers to this one (a point to a section, an event to an organisation) need not
    wait, and so can't be part of a circle of waiters either.
    """
    row = rows.select_for_update(of=("self",), no_key=True).first()
    if row is None:
        raise NotFound(_("Det du söker finns inte, eller så har du inte tillgång till det."))
    return row


def share(rows: QuerySet[T]) -> None:
    """Let nobody change the one row of ``rows``, or take it with ``lock``, until the transaction ends; others may share it
    meanwhile. Those who are changing it are waited for: read it afterwards. NotFound when there is none."""
    sql, given = rows.order_by().values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} FOR SHARE", given)
        found = cursor.fetchone()
    if found is None:
        raise NotFound(_("Det du söker finns inte, eller så har du inte tillgång till det."))


def take_turns(what: str) -> None:
    """Let those who do ``what`` do it one at a time, until the transaction ends: for what has no row to lock yet."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [what])
