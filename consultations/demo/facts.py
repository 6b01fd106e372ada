"""The fictional county in numbers: consistent with one another and the same for the same seed."""

import random
from dataclasses import dataclass
from functools import cache

from consultations.demo.reading import lines, rows
from consultations.demo.swedish import capital, decimal, whole, words

COUNTY = "Älvmarks län"
REGION = "Region Älvmark"
PARTS = {"kusten": "Kusten", "alvdalarna": "Älvdalarna", "slatten": "Slätten", "skogslandet": "Skogslandet"}

# part: (growth 2014-2024 in per cent, share 65+, employment, fibre, share with higher education), each low and high
_RANGES = {
    "kusten": ((-3.5, 3.0), (23.0, 29.5), (78.5, 84.0), (90, 97), (15, 24)),
    "alvdalarna": ((-6.0, 2.5), (22.5, 27.5), (77.0, 83.5), (91, 97), (14, 23)),
    "slatten": ((1.0, 7.5), (20.5, 25.5), (81.5, 86.5), (88, 96), (16, 26)),
    "skogslandet": ((-14.0, -4.5), (28.5, 35.5), (77.5, 84.5), (68, 88), (10, 17)),
}
_GROWTH = {
    "Älvstad": 10.4, "Sundhamn": 1.8, "Gransjö": 0.7, "Strandhem": 4.9, "Vargåsen": -13.2, "Lindåker": 8.3, "Rågsäter": -2.1,
    "Granfjärd": 3.4, "Forsbro": 2.4, "Ljusåbro": 1.1, "Älvkroken": 0.9, "Klovsand": 2.7, "Storforsa": -7.4,
}  # fmt: skip
_OUT = {"Älvstad": 14, "Lindåker": 69}
_HIGHER = {"Älvstad": 31.0, "Strandhem": 34.0, "Bruksheden": 10.5, "Hammarlund": 22.0}


@dataclass(frozen=True, slots=True)
class Place:
    """A municipality. Shares are per cent; ``_w`` and ``_m`` are women and men."""

    name: str
    part: str
    people: int
    people_2014: int
    minutes: int
    trades: str
    employer: str
    neighbour: str
    text: str
    older: float
    older_2014: float
    work_w: float
    work_m: float
    out: float
    inward: float
    school_w: float
    school_m: float
    higher_w: float
    higher_m: float
    fibre: float
    price: int
    shops: int

    @property
    def growth(self) -> float:
        return 100 * (self.people / self.people_2014 - 1)


@cache
def places(seed: int = 1) -> tuple[Place, ...]:
    """The 33 municipalities in the order of the file."""
    found, raw = [], lines("municipalities.txt")
    for head, text in zip(raw[::2], raw[1::2], strict=True):
        name, part, people, minutes, trades, employer, neighbour = head.split("|")
        found.append(
            _place(
                random.Random(f"{seed}/{name}"),
                name,
                part,
                int(people),
                int(minutes),
                trades,
                employer,
                neighbour,
                text,
            )
        )
    return tuple(found)


def _place(rng, name, part, people, minutes, trades, employer, neighbour, text) -> Place:
    growth, older, work, fibre, higher = (rng.uniform(*span) for span in _RANGES[part])
    growth, higher = _GROWTH.get(name, growth), _HIGHER.get(name, higher)
    older = {"Älvstad": 19.4, "Hovåkra": 27.1}.get(name, older)
    near = max(0.0, 1 - minutes / 150)
    return Place(
        name=name, part=part, people=people, people_2014=round(people / (1 + growth / 100)), minutes=minutes, trades=trades,
        employer=employer, neighbour=neighbour, text=text, older=round(older, 1), older_2014=round(older - rng.uniform(1.8, 3.4), 1),
        work_w=round(work - rng.uniform(1.0, 2.6), 1), work_m=round(work + rng.uniform(0.8, 2.2), 1),
        out=round(_OUT.get(name, 18 + 38 * near + rng.uniform(-5, 5))), inward=round(rng.uniform(12, 34)),
        school_w=round(rng.uniform(83, 93), 1), school_m=round(rng.uniform(78, 90), 1),
        higher_w=round(higher + rng.uniform(3.5, 6.5), 1), higher_m=round(max(6.0, higher - rng.uniform(4.0, 7.0)), 1),
        fibre=round(99.1 if name == "Älvstad" else fibre, 1), price=round(rng.uniform(650, 1200) + 2200 * near**2) * 1000,
        shops=max(2, round(people / 2600 + rng.uniform(0, 3))),
    )  # fmt: skip


def part_of(part: str, seed: int = 1) -> list[Place]:
    return [place for place in places(seed) if place.part == part]


def share_older(group: list[Place] | tuple[Place, ...], year: int = 2024) -> float:
    """Share aged 65 or more, weighted."""
    if year == 2014:
        return sum(p.older_2014 * p.people_2014 for p in group) / sum(p.people_2014 for p in group)
    return sum(p.older * p.people for p in group) / sum(p.people for p in group)


@cache
def county(seed: int = 1) -> dict[str, str]:
    """Facts that the texts name in braces, already written in Swedish."""
    everywhere = places(seed)
    people, before = sum(p.people for p in everywhere), sum(p.people_2014 for p in everywhere)
    growing = sum(p.people > p.people_2014 for p in everywhere)
    shrinking = len(everywhere) - growing
    return {
        "folk": whole(people), "folk_2014": whole(before), "okning": whole(people - before),
        "vaxande": words(growing), "Vaxande": capital(words(growing)), "minskande": words(shrinking),
        "andel65": decimal(share_older(everywhere)), "andel65_2014": decimal(share_older(everywhere, 2014)),
        "andel65_skog": decimal(share_older(part_of("skogslandet", seed))),
        "sysk": "79,8", "sysm": "82,9", "behk": "87,6", "behm": "84,2", "eftk": "27,4", "eftm": "16,1",
        "bredband": "92,7", "bredband_skog": "78", "utslapp": "27", "andel_30min": "13",
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Indicator:
    """Values are as printed; ``before`` and ``now`` are 2016 and 2024. Women and men may be missing."""

    number: int
    subgoal: str
    title: str
    unit: str
    women: str
    men: str
    now: str
    before: str
    target: str

    @staticmethod
    def value(text: str) -> float:
        return float(text.replace(",", "."))


@cache
def indicators() -> tuple[Indicator, ...]:
    """The forty indicators."""
    return tuple(Indicator(int(row[0]), *row[1:]) for row in rows("indicators.txt"))
