"""RTF: its form by pandoc, its words by another reader. Pandoc loses letters in some files, so it is believed only when both agree."""

import re
from typing import Any

from django.utils.translation import gettext as _
from rapidfuzz.distance import Indel

from consultations.domain.intake.mail import plain_lines
from consultations.domain.intake.office import by_pandoc
from consultations.domain.intake.outside import facts_of
from rus_platform.kit.errors import Invalid
from strategies.domain.importing.opening import refused

PATIENCE = 90  # seconds by the clock
AGREE = 0.999  # of the letters
MOST_COMPARED = 200_000  # letters; what is longer is compared by its length and its letters' counts
UNICODE = re.compile(rb"\\u(-?\d{1,6}) ?\?")


def words_of(data: bytes) -> str:
    """The text alone. Invalid, in words, when it is damaged or too large."""
    *_before, said = facts_of("rtf_reader", data, patience=PATIENCE)
    if "text" not in said:
        raise refused(_("RTF-filen är skadad eller för stor. Spara den som .docx och försök igen."))
    return str(said["text"]).replace("\0", "").replace("\xa0", " ")


def lines_of_words(words: str) -> list[dict[str, Any]]:
    """Each line a paragraph, as the text alone has them."""
    return [row for block in words.splitlines() if block.strip() for row in plain_lines(block)]


def as_docx(data: bytes) -> bytes | None:
    """A Word file of it; None when pandoc cannot read it."""
    plain = UNICODE.sub(rb"\\u\1\\'3f", data)  # a stand-in sign in clear makes pandoc skip a letter too many
    try:
        return by_pandoc(plain, "rtf")
    except Invalid:
        return None


def same_letters(one: str, other: str) -> bool:
    """Whether two readers found the same words, apart from their form."""
    mine, theirs = _letters(one), _letters(other)
    if max(len(mine), len(theirs)) > MOST_COMPARED:
        return sorted(mine) == sorted(theirs)
    return bool(Indel.normalized_similarity(mine, theirs, score_cutoff=AGREE) > 0) or mine == theirs


def _letters(text: str) -> str:
    return "".join(sign for sign in text if sign.isalpha())
