"""A draft with people who are signed in and sections with text, for the benchmarks of live writing."""

from types import SimpleNamespace

from django.conf import settings
from django.test import Client

from actors.models import Role
from tests.factories.actors import make_person, make_region
from tests.factories.strategies import make_strategy, working_version
from tests.factories.texts import make_section

SENTENCE = "Länets invånare ska ha goda villkor att bo, arbeta och utbilda sig i hela länet. "


def make_world(*, people: int, sections: int) -> SimpleNamespace:
    """``signed_in``: (session cookie, CSRF token) per person; ``sections``: uuids, each with about 5,000 characters."""
    region = make_region("96")
    writers = [make_person(region, Role.LEADER if number == 0 else Role.EDITOR) for number in range(people)]
    version = working_version(make_strategy(region, by=writers[0]))
    text = "\n\n".join(f"Stycke {number}. {SENTENCE * 3}" for number in range(20))
    made = [make_section(version, text, by=writers[0], title=f"Avsnitt {number}") for number in range(sections)]
    return SimpleNamespace(
        version=version.pk,
        sections=[str(section.uuid) for section in made],
        signed_in=[sign_in(each) for each in writers],
    )


def sign_in(person) -> tuple[str, str]:
    client = Client()
    client.force_login(person)
    name = settings.SESSION_COOKIE_NAME
    return f"{name}={client.cookies[name].value}", "a" * 32
