"""Questions that are asked of the database many times a second: put together by the ORM once, afterwards only sent.

Putting a query together takes the ORM longer than the database takes to answer it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
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
    """The same for one object of ``model``, or None; its documents are fetched when they are asked for.

    ``related``: what comes along, each after what it hangs on: ("round", "round__version").
    """

    def __init__(
        self,
        model: type[M],
        build: Callable[..., QuerySet[M, M]],
        *stand_ins: object,
        related: Sequence[str] = (),
    ) -> None:
        self._parts = [(path, other, plain_columns(other)) for path, other in _models(model, ("", *related))]
        names = [f"{path}__{name}".removeprefix("__") for path, _model, columns in self._parts for name in columns]
        self._rows = Prepared(lambda *values: build(*values).values_list(*names), *stand_ins)

    def __call__(self, *values: object) -> M | None:
        """The object that the query finds with these values."""
        rows = self._rows(*values)
        return self._put_together(rows[0]) if rows else None

    def _put_together(self, row: tuple[Any, ...]) -> M:
        found: dict[str, Any] = {}
        start = 0
        for path, model, columns in self._parts:
            values = row[start : start + len(columns)]
            start += len(columns)
            is_there = values[columns.index(model._meta.pk.attname)] is not None
            found[path] = model.from_db(connection.alias, columns, values) if is_there else None
            if path:
                before, _dash, name = path.rpartition("__")
                if found[before] is not None:
                    setattr(found[before], name, found[path])
        return found[""]


def _models(model: type[Model], paths: Iterable[str]) -> Iterator[tuple[str, type[Model]]]:
    """Each path with the model it leads to."""
    for path in paths:
        found = model
        for name in filter(None, path.split("__")):
            found = found._meta.get_field(name).related_model  # type: ignore[assignment]
        yield path, found
