"""Seven people around one strategy: the persons of every permission table here."""

from types import SimpleNamespace

import pytest

from actors.models import Role
from tests.factories.actors import make_organisation, make_person, make_region
from tests.factories.strategies import make_strategy, working_version


@pytest.fixture
def world(db) -> SimpleNamespace:
    """A strategy with a draft; people of the region by role, one of a municipality and one of nothing."""
    region = make_region()
    people = {
        "leader": make_person(region, Role.LEADER),
        "editor": make_person(region, Role.EDITOR),
        "secretary": make_person(region, Role.SECRETARY),
        "reader": make_person(region, Role.READER),
        "outsider": make_person(make_organisation(), Role.SIGNATORY),
        "nobody": make_person(),
    }
    strategy = make_strategy(region, by=people["leader"])
    return SimpleNamespace(region=region, strategy=strategy, draft=working_version(strategy), people=people, **people)
