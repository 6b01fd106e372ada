"""Brakes on the public forms: per mailbox, per neighbourhood of the network, and per mail domain.

Counted (``kit.brakes``) in windows of an hour by the platform's clock. Without a cache each web process counts by itself: a
public form is never refused for that. Addresses are kept as keyed hashes that change every
day, for an hour; nothing of it reaches the database.
"""

import hashlib
import hmac
import ipaddress

from django.conf import settings
from django.utils.translation import gettext as _

from rus_platform.kit import brakes, clock
from rus_platform.kit.errors import TooOften

HOUR = 3600
MOST_PER_MAILBOX = 3  # letters to one address
MOST_PER_PLACE = 20  # from one neighbourhood (a /24 or a /48)
MOST_PER_DOMAIN = 60  # to one mail domain: a burst of made-up mailboxes
FREE_DOMAINS = frozenset({"gmail.com", "hotmail.com", "outlook.com", "icloud.com", "telia.com", "live.se", "yahoo.com"})
MOST_PER_FREE_DOMAIN = 600


def neighbourhood(place: str) -> str:
    """The network an address belongs to: enough to slow a machine down, too little to point out a person."""
    try:
        address = ipaddress.ip_address(place)
    except ValueError:
        return "unknown"
    bits = 24 if address.version == 4 else 48
    return str(ipaddress.ip_network(f"{address}/{bits}", strict=False))


def _count(kind: str, what: str) -> int:
    """How many times this hour, this time included."""
    now = clock.now()
    secret = f"{settings.SECRET_KEY}:{now:%Y-%m-%d}".encode()
    name = hmac.new(secret, f"{kind}|{what}".encode(), hashlib.sha256).hexdigest()
    return brakes.count(f"open:{int(now.timestamp()) // HOUR}:{name}", HOUR)


def check_place(place: str) -> None:
    """Raise TooOften when so much has come from the neighbourhood this hour that somebody must wait."""
    if _count("place", neighbourhood(place)) > MOST_PER_PLACE:
        raise TooOften(_("Det kommer ovanligt många anmälningar från ditt nätverk. Vänta en timme och försök igen."))


def check_domain(email: str) -> None:
    """Raise TooOften when a burst of letters has gone to the same mail domain this hour."""
    domain = email.rpartition("@")[2]
    most = MOST_PER_FREE_DOMAIN if domain in FREE_DOMAINS else MOST_PER_DOMAIN
    if _count("domain", domain) > most:
        raise TooOften(_("Det har gått ovanligt många brev till den e-postdomänen. Vänta en timme och försök igen."))


def mailbox_has_had_enough(email: str) -> bool:
    """Whether the address has got its letters for this hour. Said to nobody: whether an address is known is nobody's
    business."""
    return _count("mailbox", email) > MOST_PER_MAILBOX
