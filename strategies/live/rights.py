"""May this session be there? The same rules as for pages and commits, asked of the database each time."""

from actors.queries.sessions import person_of
from rus_platform.kit.live.session import Place
from strategies import rules
from strategies.models import Version


def place_of(session_key: str | None, version_id: int) -> Place:
    """Who the browser's session belongs to now, and what that person may do in the draft now. Four queries."""
    person = person_of(session_key)
    if person is None:
        return Place("signedout")
    version = Version.objects.select_related("strategy").defer("manifest").filter(pk=version_id).first()
    if version is None or not rules.is_in_region(person, version.strategy):
        return Place("role")
    if version.is_frozen:
        return Place("frozen")
    return Place(person_id=person.pk, name=person.name, can_edit=rules.can_suggest(person, version.strategy))
