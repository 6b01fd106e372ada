"""Failed tries to sign in, counted per address and place, so that nobody can guess passwords in peace."""

import hashlib

from rus_platform.kit import brakes

MOST_PER_PAIR = 5  # one address from one place
MOST_PER_PLACE = 40  # all addresses from one place
WINDOW = 15 * 60  # seconds


def _keys(email: str, place: str) -> dict[str, int]:
    def key(text: str) -> str:
        return "sign-in:" + hashlib.sha256(text.encode()).hexdigest()

    return {key(f"{email.strip().lower()}|{place}"): MOST_PER_PAIR, key(f"|{place}"): MOST_PER_PLACE}


def too_many(email: str, place: str) -> bool:
    """Whether this address has failed so often from this place that even the right password must wait."""
    limits = _keys(email, place)
    return any(brakes.counted(key) >= most for key, most in limits.items())


def failed(email: str, place: str) -> None:
    """One more. The window runs from the first try."""
    for key in _keys(email, place):
        brakes.count(key, WINDOW)


def succeeded(email: str, place: str) -> None:
    """The right password: the pair begins anew, the place's own count stays."""
    brakes.forget(next(iter(_keys(email, place))))
