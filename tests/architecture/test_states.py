"""States are a table: every state has an owner, every edge a verb, and the diagram in docs is today's."""

from importlib import import_module

import pytest

from rus_platform.management.commands.state_diagrams import pages, state_tables
from tests.architecture.sources import name

# Owned though final: a frozen text waits for its readers, and work goes on in the next draft, not in this one.
FROZEN_WITH_READERS = {("version", "shared"), ("version", "consultation")}
TABLES = [
    "approval",
    "comment",
    "contacts",
    "extension",
    "import",
    "intake",
    "meeting",
    "moderation",
    "paper",
    "proposal",
    "publication",
    "response",
    "round",
    "section",
    "suggestion",
    "version",
]


def test_every_table_is_listed_here():
    assert list(state_tables()) == TABLES


@pytest.mark.parametrize("table", TABLES)
def test_every_state_has_an_owner(table):
    assert set(state_tables()[table].owners) == set(state_tables()[table].states)


@pytest.mark.parametrize("table", TABLES)
def test_every_edge_has_a_verb_that_exists(table):
    missing = []
    for path in sorted(set(state_tables()[table].edges.values())):
        module, _, verb = path.rpartition(".")
        if not callable(getattr(import_module(module), verb, None)):
            missing.append(path)
    assert missing == []


@pytest.mark.parametrize("table", TABLES)
def test_every_state_can_be_reached_and_only_final_ones_end(table):
    found = state_tables()[table]
    reached, waiting = {found.initial}, [found.initial]
    while waiting:
        state = waiting.pop()
        new = {end for start, end in found.edges if start == state} - reached
        reached |= new
        waiting += new
    assert reached == set(found.states)
    final = {state for state in found.states if not any(start == state for start, _ in found.edges)}
    owned = {(table, str(state)) for state in final if found.owners[state] != "nobody"}
    assert owned <= FROZEN_WITH_READERS


def test_the_diagrams_in_docs_are_todays():
    old = [name(file) for file, text in pages().items() if not file.exists() or file.read_text() != text]
    assert old == [], "run manage.py state_diagrams"
