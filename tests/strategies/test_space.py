"""A region's space: create_strategy."""
import pytest
from tests.factories.strategies import make_strategy, working_version

pytestmark = pytest.mark.django_db


def test_create_strategy_makes_register_and_outline():
    strategy = make_strategy()
    kinds = sorted(strategy.taking_part.values_list("kind", flat=True))
    assert kinds == ["county_board", "municipality", "municipality", "municipality", "region"]
    version = working_version(strategy)
    assert (version.number, version.label) == (1, "Utkast 1")
    assert version.sections.filter(parent=None).count() == 9
