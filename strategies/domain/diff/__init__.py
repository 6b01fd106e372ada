"""What changed between two texts, in words a reader understands. Pure Python, no database.

``diff_documents`` compares two section documents, ``diff_versions`` two whole strategies. See ``documents`` and
``versions`` for the shape of the answers; both are plain JSON, and so is what goes in. Nothing is raised for odd input.

>>> words = lambda text: {"type": "doc", "content": [
...     {"type": "paragraph", "attrs": {"id": "b1"}, "content": [{"type": "text", "text": text}]}]}
>>> changes = diff_documents(words("Tåget går varje timme."), words("Tåget går varje halvtimme."))
>>> [(change["kind"], change["before"], change["after"]) for change in changes["changes"]]
[('words', 'Tåget går varje timme.', 'Tåget går varje halvtimme.')]
>>> changes["blocks"][0]["spans"]
[['=', 'Tåget går varje '], ['-', 'timme'], ['+', 'halvtimme'], ['=', '.']]
>>> changes["summary"]["words_added"], changes["summary"]["words_removed"]
(1, 1)

``diff_versions`` takes two lists of sections in reading order; of a section only ``uuid`` is needed:

>>> old = [{"uuid": "u1", "title": "Resor", "doc": words("Tåget går varje timme.")}]
>>> new = [{"uuid": "u2", "title": "Ny inledning", "doc": words("Hej.")}, *old]
>>> [(section["op"], section["title"]) for section in diff_versions(old, new)["sections"]]
[('added', 'Ny inledning'), ('same', 'Resor')]

Without the platform around it: ``PYTHONPATH=. python -m doctest strategies/domain/diff/__init__.py`` runs this example.
"""

from strategies.domain.diff.documents import (
    DIFF_ALGORITHM_VERSION,
    Changes,
    apply_changes,
    change_key,
    diff_documents,
    revert_changes,
)
from strategies.domain.diff.suggestions import without_suggestions
from strategies.domain.diff.versions import diff_versions
from strategies.domain.diff.words import diff_text

__all__ = [
    "DIFF_ALGORITHM_VERSION",
    "Changes",
    "apply_changes",
    "change_key",
    "diff_documents",
    "diff_text",
    "diff_versions",
    "revert_changes",
    "without_suggestions",
]
