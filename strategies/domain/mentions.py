"""Who is named in a text: "@Anna Ask", or "@Anna" where there is only one Anna. Pure functions."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping

from actors.models import User

_AFTER = r"(?![\w-])"


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()


def names_of(people: Iterable[User]) -> dict[str, User]:
    """What people can be called after an @: the whole name; the first name where nobody else has it."""
    known = [person for person in people if person.name.strip()]
    whole = Counter(_plain(" ".join(person.name.split())) for person in known)
    first = Counter(_plain(person.name.split()[0]) for person in known)
    found: dict[str, User] = {}
    for person in known:
        name = _plain(" ".join(person.name.split()))
        if whole[name] == 1:
            found[name] = person
    for person in known:
        name = _plain(person.name.split()[0])
        if first[name] == 1:
            found.setdefault(name, person)
    return found


def split(text: str, names: Mapping[str, User]) -> list[tuple[str, User | None]]:
    """The text in pieces: (words, the person they name or None). An address such as a@b.se names nobody."""
    text = unicodedata.normalize("NFC", text)
    if not names or "@" not in text:
        return [(text, None)]
    chosen = "|".join(re.escape(name).replace(r"\ ", r"\s+") for name in sorted(names, key=len, reverse=True))
    pieces: list[tuple[str, User | None]] = []
    at = 0
    for match in re.finditer(rf"(?<![\w.])@({chosen}){_AFTER}", text, re.IGNORECASE):
        person = names.get(_plain(" ".join(match.group(1).split())))
        if person is None:
            continue
        pieces += [(text[at : match.start()], None)] if match.start() > at else []
        pieces.append((match.group(), person))
        at = match.end()
    return [*pieces, (text[at:], None)] if at < len(text) else pieces


def named_in(text: str, people: Iterable[User]) -> list[User]:
    """Everybody who is named, each once, in order."""
    found = [person for _words, person in split(text, names_of(people)) if person is not None]
    return list({person.pk: person for person in found}.values())
