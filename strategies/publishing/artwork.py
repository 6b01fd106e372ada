"""The picture on the cover: a landscape of our own, drawn from the fingerprint of the strategy, in the colours of the tokens."""

import hashlib
from dataclasses import dataclass
from math import pi, sin
from random import Random

WIDTH, HEIGHT, STEP = 2100, 1700, 30
#: From mist to pine; the last is the bar at the top of every page on screen.
COLOURS = ("#e3e4d3", "#c9d6c3", "#a3c0ab", "#719f8a", "#40776a", "#1f5a4d", "#11352e")


@dataclass(frozen=True)
class Landscape:
    """Hills from the farthest to the nearest (SVG path, colour), the lines of height on them, and where the sun stands."""

    hills: list[tuple[str, str]]
    lines: list[str]
    sun: tuple[int, int, int]
    box: str = f"0 0 {WIDTH} {HEIGHT}"


def landscape(seed: str) -> Landscape:
    """The same seed always gives the same picture."""
    rng = Random(hashlib.sha256(seed.encode()).digest())
    hills, lines = [], []
    count = len(COLOURS)
    for n, colour in enumerate(COLOURS):
        nearness = n / (count - 1)
        top = HEIGHT * (0.30 + 0.52 * nearness**1.15)
        height = 150 * (1 - 0.35 * nearness)
        ridge = _ridge(rng, top, height)
        hills.append((f"M0 {HEIGHT} L{_path(ridge)} L{WIDTH} {HEIGHT} Z", colour))
        if n >= 3:
            lines += [
                f"M{_path([(x, y + drop * (1 + 0.25 * sin(x / 310 + n))) for x, y in ridge])}" for drop in (34, 74, 122)
            ]
    sun = (rng.randint(1250, 1750), rng.randint(330, 430), 165)
    return Landscape(hills, lines, sun)


def _ridge(rng: Random, top: float, height: float) -> list[tuple[float, float]]:
    waves = [(height / (k + 1), (k + 0.7) * rng.uniform(0.8, 1.3), rng.uniform(0, 2 * pi)) for k in range(4)]
    return [
        (x, top + sum(size * sin(2 * pi * often * x / WIDTH + start) for size, often, start in waves) * 0.55)
        for x in range(0, WIDTH + STEP, STEP)
    ]


def _path(points: list[tuple[float, float]]) -> str:
    return " ".join(f"{x:.0f} {y:.1f}" for x, y in points)
