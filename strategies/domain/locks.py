"""Is a section locked for review? Asked by every verb that changes its words or its heading, on the locked row."""

from django.utils.translation import gettext as _

from rus_platform.kit.errors import WrongState
from strategies.models import Section


def lock_words(section: Section) -> str:
    """Who locked it and why, in one sentence; empty when it is not locked."""
    if section.locked_at is None or section.locked_by is None:
        return ""
    return _("”%(title)s” är låst för granskning av %(who)s: %(why)s") % {
        "title": section.title,
        "who": section.locked_by.name,
        "why": section.lock_reason,
    }


def check_not_locked(section: Section) -> None:
    """WrongState, saying who and why, when the section is locked for review."""
    if section.locked_at is not None:
        raise WrongState(lock_words(section), locked=True)
