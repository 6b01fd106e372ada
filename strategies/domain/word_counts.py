"""How many words each section has, without reading eighty pages again for every page that is shown."""

from collections import OrderedDict
from collections.abc import Iterable
from threading import Lock

from strategies.domain import documents
from strategies.models import Section

KEPT = 20_000  # counts kept per process

Key = tuple[int, int, float]


class Counts:
    """Counts by section and state of its text. A text that was changed has another key, so nothing here gets old."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Key, int] = OrderedDict()
        self._lock = Lock()

    def known(self, keys: Iterable[Key]) -> dict[Key, int]:
        """Those that are known."""
        with self._lock:
            return {key: self._kept[key] for key in keys if key in self._kept}

    def keep(self, counted: dict[Key, int]) -> None:
        """Remember, and forget the oldest."""
        with self._lock:
            self._kept.update(counted)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)


_counts = Counts()


def word_counts(sections: Iterable[Section]) -> dict[int, int]:
    """Section pk -> words in its text. One query for those whose text is new to this process, none when all are known."""
    keys = {_key(section): section.pk for section in sections}
    found = _counts.known(keys)
    missing = {pk: key for key, pk in keys.items() if key not in found}
    if missing:
        docs = Section.objects.filter(pk__in=missing).values_list("pk", "doc", "doc_version", "updated_at")
        counted = {(pk, version, at.timestamp()): documents.word_count(doc) for pk, doc, version, at in docs}
        _counts.keep(counted)
        found |= {missing[key[0]]: words for key, words in counted.items()}
    return {pk: found.get(key, 0) for key, pk in keys.items()}


def _key(section: Section) -> Key:
    return section.pk, section.doc_version, section.updated_at.timestamp()
