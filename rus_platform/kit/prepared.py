"""Questions that are asked of the database many times a second: put together by the ORM once, afterwards only sent.

Putting a query together takes the ORM longer than the database takes to answer it.
"""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import JSONField, Model, QuerySet

M = TypeVar("M", bound=Model)
Build = Callable[..., QuerySet[Any, Any]]


def plain_columns(model: type[Model]) -> list[str]:
    """Every column that needs no translation between the database and Python; a document is fetched when it is asked for."""
    return [field.attname for field in model._meta.concrete_fields if not isinstance(field, JSONField)]


class Prepared:
    """``build(*stand_ins)`` makes the query, with values; called with other values it answers with rows.

    Each stand-in must be a value that stands nowhere else in the query.
    """

    def __init__(self, build: Build, *stand_ins: object) -> None:
        self._build, self._stand_ins = build, stand_ins
        self._sql: tuple[str, list[Any]] | None = None

    def __call__(self, *values: object) -> list[tuple[Any, ...]]:
        """The rows, with ``values`` in the places of the stand-ins."""
        sql, places = self._sql or self._prepare()
        with connection.cursor() as cursor:
            cursor.execute(sql, [values[place] if known is None else known for place, known in places])
            return cursor.fetchall()

    def _prepare(self) -> tuple[str, list[Any]]:
        sql, parameters = self._build(*self._stand_ins).query.sql_with_params()
        places = []
        for value in parameters:
            stands_for = [n for n, stand_in in enumerate(self._stand_ins) if stand_in == value]
            places.append((stands_for[0], None) if stands_for else (0, value))
        if {place for place, known in places if known is None} != set(range(len(self._stand_ins))):
            raise ValueError("a stand-in does not stand in the query")
        self._sql = (sql, places)
        return self._sql


class PreparedRow(Generic[M]):
    """The same for one object of ``model``, or None; its documents are fetched when they are asked for."""

    def __init__(self, model: type[M], build: Callable[..., QuerySet[M, M]], *stand_ins: object) -> None:
        self._model, self._columns = model, plain_columns(model)
        self._rows = Prepared(lambda *values: build(*values).values_list(*self._columns), *stand_ins)

    def __call__(self, *values: object) -> M | None:
        """The object that the query finds with these values."""
        rows = self._rows(*values)
        return self._model.from_db(connection.alias, self._columns, rows[0]) if rows else None
