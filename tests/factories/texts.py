"""Documents and sections with words in them."""

import uuid
from typing import Any

from actors.models import User
from rus_platform.kit import clock
from strategies.domain import documents, markup
from strategies.domain.text import commit_steps, replace_text
from strategies.models import Section, StepVia, Version

Step = dict[str, Any]


def make_section(
    version: Version, text: str = "", *, by: User | None = None, title: str = "Ett avsnitt", kind: str = "text"
) -> Section:
    """A section with ``text`` (the form's writing) put there by ``by`` through the verb."""
    section = Section.objects.create(
        version=version, kind=kind, title=title, updated_at=clock.now(), position=version.sections.count()
    )
    if text:
        assert by is not None
        replace_text(section_id=section.pk, by=by, doc=markup.to_doc(text), via=StepVia.IMPORT)
        section.refresh_from_db()
    return section


def insert(pos: int, text: str) -> Step:
    """A step that writes ``text`` at ``pos``."""
    return {"stepType": "replace", "from": pos, "to": pos, "slice": {"content": [{"type": "text", "text": text}]}}


def delete(start: int, end: int) -> Step:
    """A step that removes what stands from ``start`` to ``end``."""
    return {"stepType": "replace", "from": start, "to": end}


def write(
    section: Section, by: User, *steps: Step, version: int | None = None, batch_id: uuid.UUID | None = None
) -> Any:
    """Commit ``steps`` as the editor does."""
    version = Section.objects.get(pk=section.pk).doc_version if version is None else version
    return commit_steps(
        section_id=section.pk, by=by, version=version, batch_id=batch_id or uuid.uuid4(), steps=list(steps)
    )


def words(section: Section) -> str:
    """The section's text as it is stored now."""
    return documents.plain_text(Section.objects.get(pk=section.pk).doc)
