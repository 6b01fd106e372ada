"""How numbers and lists are written in Swedish."""

from collections.abc import Sequence

SMALL = [
    "noll",
    "en",
    "två",
    "tre",
    "fyra",
    "fem",
    "sex",
    "sju",
    "åtta",
    "nio",
    "tio",
    "elva",
    "tolv",
    "tretton",
    "fjorton",
    "femton",
    "sexton",
    "sjutton",
    "arton",
    "nitton",
    "tjugo",
]


def words(number: int) -> str:
    """1..39 in words, as in ``trettiotre kommuner``."""
    if number <= 20:
        return SMALL[number]
    tens = {2: "tjugo", 3: "trettio"}[number // 10]
    return tens + (SMALL[number % 10] if number % 10 else "")


def whole(number: float) -> str:
    """12 345 with a no-break space."""
    return f"{round(number):,}".replace(",", "\u00a0")


def decimal(number: float, places: int = 1) -> str:
    """12,3."""
    return f"{number:.{places}f}".replace(".", ",")


def listed(items: Sequence[str]) -> str:
    """a, b och c."""
    return items[0] if len(items) == 1 else ", ".join(items[:-1]) + " och " + items[-1]


def genitive(name: str) -> str:
    """Älvstads, Hällefors."""
    return name if name[-1] in "sxz" else name + "s"


def municipality_name(name: str) -> str:
    """The official name: Älvstads kommun, Kvarnede kommun."""
    return f"{name} kommun" if name[-1] in "aeiouyåäösxz" else f"{name}s kommun"


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]
