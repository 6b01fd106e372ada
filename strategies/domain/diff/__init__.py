"""What changed between two texts, in words a reader understands. Pure Python, no database.

``diff_documents`` compares two section documents, ``diff_versions`` two whole strategies. See ``documents`` and
``versions`` for the shape of the answers; both are plain JSON.
"""

from .documents import DIFF_ALGORITHM_VERSION, Changes, apply_changes, change_key, diff_documents, revert_changes
from .suggestions import without_suggestions
from .versions import diff_versions
from .words import diff_text

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
