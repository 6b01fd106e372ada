"""Words that a person carries from one page to another to have them at hand while writing; kept in the session."""

from dataclasses import asdict, dataclass

from django.http import HttpRequest

KEY = "at_hand"


@dataclass(frozen=True, slots=True)
class AtHand:
    """``words`` for the page that shows ``about``; ``title`` says what they are and ``url`` where they are from."""

    about: str
    title: str
    words: str
    url: str


def carry(request: HttpRequest, note: AtHand) -> None:
    """Have ``note`` at hand from now on, instead of what was there before."""
    request.session[KEY] = asdict(note)


def at_hand(request: HttpRequest, about: str) -> AtHand | None:
    """What the person has at hand for ``about``, if anything."""
    kept = request.session.get(KEY)
    return AtHand(**kept) if isinstance(kept, dict) and kept.get("about") == about else None


def put_away(request: HttpRequest) -> None:
    """Nothing is at hand any longer."""
    request.session.pop(KEY, None)
