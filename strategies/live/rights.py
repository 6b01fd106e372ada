"""May this session be there? The same rules as for pages and commits, asked of the database each time."""

from dataclasses import dataclass
from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.utils.crypto import constant_time_compare

from actors.models import User
from strategies import rules
from strategies.models import Version


@dataclass(frozen=True, slots=True)
class Place:
    """What a session may do in a version: ``reason`` says why not at all (signedout, role, frozen), or is empty."""

    person: User | None
    can_edit: bool
    reason: str


def place_of(session_key: str | None, version_id: int) -> Place:
    """Who the browser's session belongs to now, and what that person may do in the draft now. Four queries."""
    person = person_of(session_key)
    if person is None:
        return Place(None, False, "signedout")
    version = Version.objects.select_related("strategy").defer("manifest").filter(pk=version_id).first()
    if version is None or not rules.is_in_region(person, version.strategy):
        return Place(person, False, "role")
    if version.is_frozen:
        return Place(person, False, "frozen")
    return Place(person, rules.can_suggest(person, version.strategy), "")


def person_of(session_key: str | None) -> User | None:
    """The active person who is signed in with this session; None after signing out or a new password."""
    if not session_key:
        return None
    session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    if SESSION_KEY not in session or session.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
        return None
    person = User.objects.filter(pk=session[SESSION_KEY], is_active=True).first()
    if person is None:
        return None
    same = constant_time_compare(session.get(HASH_SESSION_KEY, ""), person.get_session_auth_hash())
    return person if same else None
