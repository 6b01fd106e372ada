"""The picture on the cover: a landscape of our own, drawn from the fingerprint of the strategy, in the colours of the tokens."""

import hashlib
from dataclasses import dataclass
from math import pi, sin
from random import Random

COVER, BANNER = (2100, 1700), (2400, 640)
STEP = 30
#: From mist to pine; the last is the bar at the top of every page on screen.
COLOURS = ("#e3e4d3", "#c9d6c3", "#a3c0ab", "#719f8a", "#40776a", "#1f5a4d", "#11352e")


@dataclass(frozen=True)
class Landscape:
    """Hills from the farthest to the nearest (SVG path, colour), the lines of height on them, and where the sun stands."""

    hills: list[tuple[str, str]]
    lines: list[str]
    sun: tuple[int, int, int]
    box: str


def landscape(seed: str, size: tuple[int, int] = COVER) -> Landscape:
    """The same seed always gives the same picture."""
    width, height = size
    rng = Random(hashlib.sha256(seed.encode()).digest())
    hills, lines = [], []
    count = len(COLOURS)
    for n, colour in enumerate(COLOURS):
        nearness = n / (count - 1)
        top = height * (0.30 + 0.52 * nearness**1.15)
        ridge = _ridge(rng, width, top, height * 0.088 * (1 - 0.35 * nearness))
        hills.append((f"M0 {height} L{_path(ridge)} L{width} {height} Z", colour))
        if n >= 3:
            lines += [
                f"M{_path([(x, y + drop * (1 + 0.25 * sin(x / 310 + n))) for x, y in ridge])}" for drop in (34, 74, 122)
            ]
    sun = (round(width * rng.uniform(0.6, 0.83)), round(height * rng.uniform(0.19, 0.25)), round(height * 0.097))
    return Landscape(hills, lines, sun, f"0 0 {width} {height}")


def _ridge(rng: Random, width: int, top: float, height: float) -> list[tuple[float, float]]:
    waves = [(height / (k + 1), (k + 0.7) * rng.uniform(0.8, 1.3), rng.uniform(0, 2 * pi)) for k in range(4)]
    return [
        (x, top + sum(size * sin(2 * pi * often * x / width + start) for size, often, start in waves) * 0.55)
        for x in range(0, width + STEP, STEP)
    ]


def _path(points: list[tuple[float, float]]) -> str:
    return " ".join(f"{x:.0f} {y:.1f}" for x, y in points)
