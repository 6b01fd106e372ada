"""Saving is polite: a stale form never overwrites what a colleague has saved."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from rus_platform.kit.errors import Conflict
from rus_platform.kit.merging import merged


def check_revision(row: Any, revision: int, mine: dict[str, Any]) -> None:
    """Raise Conflict with both versions when somebody saved the row after the form was made.

    ``mine``: field -> the value that is being saved. ``data`` carries ``mine``, ``theirs`` (fields that differ),
    ``rows`` (the same in words: label, theirs, mine) and the ``revision`` to save on.
    """
    differing = {name: value for name, value in mine.items() if getattr(row, name) != value}
    if row.revision == revision or not differing:
        return
    raise Conflict(
        _("Någon annan har sparat under tiden. Båda texterna visas här, så att ni kan välja."),
        mine=differing,
        theirs={name: getattr(row, name) for name in differing},
        rows=[
            (_label(row, name), _words(row, name, getattr(row, name)), _words(row, name, mine[name]))
            for name in differing
        ],
        revision=row.revision,
    )


def agreed(row: Any, revision: int, mine: dict[str, Any], base: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """What to save: ``mine``, put together with what somebody else has saved meanwhile when the two do not collide.

    ``base``: the values that ``mine`` was made from; without it a stale save is always a Conflict (``check_revision``).
    """
    if row.revision == revision or base is None:
        check_revision(row, revision, mine)
        return mine
    together = {}
    for name, value in mine.items():
        theirs, before = getattr(row, name), base.get(name)
        if isinstance(value, str) and isinstance(theirs, str) and isinstance(before, str):
            together[name] = merged(before, value, theirs)
        else:
            together[name] = value if theirs in (before, value) else theirs if value == before else None
        if together[name] is None and value != theirs:
            check_revision(row, revision, mine)
    return together


def _label(row: Any, name: str) -> str:
    return str(row._meta.get_field(name).verbose_name).capitalize()


def _words(row: Any, name: str, value: Any) -> str:
    """A value as a person reads it."""
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "j F Y H:i")
    if isinstance(value, bool):
        return _("Ja") if value else _("Nej")
    return str(dict(row._meta.get_field(name).flatchoices).get(value, "" if value is None else value))
