"""The 120 consultees of the fictional county, and names for their people."""

import random
import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from consultations.demo.facts import Place, places
from consultations.demo.reading import lines, rows
from consultations.demo.swedish import municipality_name

# Which kinds of consultees a letter in text/views stands for ("mk" is a municipality at the coast, and so on).
LETTERS = {
    "county_board": "l", "region": "g", "municipal_association": "f", "state_agency": "t", "university": "u", "business": "b",
    "civil_society": "v",
}  # fmt: skip
PARTS = {"kusten": "k", "alvdalarna": "a", "slatten": "l", "skogslandet": "s"}
DOMAIN = "example"


@dataclass(frozen=True, slots=True)
class Consultee:
    """``topics``: keys of sections it prefers to speak of. ``letters``: those of ``text/views`` that it goes by."""

    key: str
    kind: str
    name: str
    topics: tuple[str, ...]
    letters: frozenset[str]
    place: Place | None = None

    @property
    def mailbox(self) -> str:
        return f"registrator@{self.host}"

    @property
    def host(self) -> str:
        return f"{ascii_name(self.place.name if self.place else self.name)}.{DOMAIN}"


@cache
def consultees(seed: int = 1) -> tuple[Consultee, ...]:
    """Municipalities first, then the others in the order of the file."""
    wanted = {row[0]: tuple(row[2].split()) for row in rows("quotes.txt")}
    own = [
        Consultee(
            f"kommun:{p.name}",
            "municipality",
            municipality_name(p.name),
            wanted[p.name],
            frozenset({"m", "m" + PARTS[p.part], "*"}),
            p,
        )
        for p in places(seed)
    ]
    return tuple(own + [
        Consultee(key, kind, name, tuple(topics.split()), frozenset({LETTERS[kind], "*"}))
        for kind, key, name, topics in rows("consultees.txt")
    ])  # fmt: skip


def ascii_name(name: str) -> str:
    """älvmarks universitet -> alvmarksuniversitet; for addresses."""
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]", "", plain)


def person(rng: random.Random) -> str:
    """A made-up first and last name."""
    first, last = (line.split(": ", 1)[1].split() for line in lines("people.txt"))
    return f"{rng.choice(first)} {rng.choice(last)}"


def address(name: str, host: str) -> str:
    """karin.sandell@host."""
    return ".".join(ascii_name(part) for part in name.split()) + "@" + host
