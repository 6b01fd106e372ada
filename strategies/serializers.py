"""What the step endpoint reads and says."""

import codecs
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO, Any
from uuid import UUID

from django.utils.translation import gettext as _
from rest_framework.parsers import BaseParser

from rus_platform.kit.errors import Invalid
from strategies.domain.locks import lock_words
from strategies.domain.text import shown
from strategies.models import Section, Step
from strategies.schema import SCHEMA_VERSION

MAX_REQUEST = 5_000_000  # bytes


class StepsParser(BaseParser):
    """JSON that is refused, in words, when it is too large, too deep or not JSON."""

    media_type = "application/json"

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """The body as Python values."""
        request = (parser_context or {}).get("request")
        length = int(request.META.get("CONTENT_LENGTH") or 0) if request is not None else 0
        body = b"" if length > MAX_REQUEST else stream.read(MAX_REQUEST + 1)
        if length > MAX_REQUEST or len(body) > MAX_REQUEST:
            raise Invalid(
                _("Ändringen är för stor för att sparas. Klistra in mindre i taget, eller dela upp avsnittet."),
                too_large=True,
            )
        try:
            return json.loads(codecs.decode(body, "utf-8"), parse_constant=_no_constant)
        except (ValueError, RecursionError) as error:
            raise Invalid(_("Det som skickades kunde inte läsas."), reason="not JSON") from error


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


@dataclass(frozen=True, slots=True)
class Batch:
    """Steps made on ``version``, sent as one."""

    version: int
    batch_id: UUID
    steps: list[Any]

    @classmethod
    def read(cls, data: Any) -> "Batch":
        """Checks the shape; Invalid otherwise. The steps themselves are judged by the verb."""
        if not isinstance(data, dict):
            raise _misshapen("body")
        version, steps = data.get("version"), data.get("steps")
        if type(version) is not int or not 0 <= version < 2**31:
            raise _misshapen("version")
        if not isinstance(steps, list):
            raise _misshapen("steps")
        try:
            return cls(version, UUID(str(data.get("batch_id"))), steps)
        except ValueError as error:
            raise _misshapen("batch_id") from error


@dataclass(frozen=True, slots=True)
class Choice:
    """Suggestions to accept or refuse, or a decision to take back."""

    ids: list[str]
    accept: bool
    undo: UUID | None

    @classmethod
    def read(cls, data: Any) -> "Choice":
        """Checks the shape; Invalid otherwise."""
        if not isinstance(data, dict):
            raise _misshapen("body")
        if "undo" in data:
            try:
                return cls([], False, UUID(str(data["undo"])))
            except ValueError as error:
                raise _misshapen("undo") from error
        ids, accept = data.get("ids"), data.get("accept")
        if not isinstance(ids, list) or not all(isinstance(each, str) for each in ids) or len(ids) > 2000:
            raise _misshapen("ids")
        if not isinstance(accept, bool):
            raise _misshapen("accept")
        return cls(ids, accept, None)


def _misshapen(name: str) -> Invalid:
    return Invalid(_("Det som skickades kunde inte läsas."), reason=f"{name} is missing or wrong")


def section_json(
    section: Section,
    *,
    can_edit: bool,
    only_suggest: bool,
    refs: dict[str, dict[str, str]],
    suggestions: dict[str, dict[str, Any]],
) -> dict[str, Any]:
    """Everything the editor needs to begin. ``can_edit``: whether anything can be written, if only as a suggestion."""
    return {
        "uuid": str(section.uuid),
        "title": section.title,
        "doc": section.doc,
        "version": section.doc_version,
        "schema_version": SCHEMA_VERSION,
        "refs": refs,
        "can_edit": can_edit,
        "only_suggest": only_suggest,
        "suggestions": suggestions,
        "frozen": section.version.is_frozen,
        "removed": section.removed_at is not None,
        "locked": lock_words(section),
    }


def steps_json(section: Section, steps: list[Step], *, can_edit: bool) -> dict[str, Any]:
    """What has happened since the reader last looked."""
    return {
        "version": section.doc_version,
        "steps": [shown(step) for step in steps],
        "can_edit": can_edit,
        "frozen": section.version.is_frozen,
        "removed": section.removed_at is not None,
        "locked": lock_words(section),
    }
