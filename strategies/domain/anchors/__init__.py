"""Comments and consultation points hold on to exact words; this finds the words again. Pure Python, no database.

``resolve(selector, text) -> Resolution`` is the plain entry point. Words are enough:

    >>> from strategies.domain.anchors import resolve
    >>> old = {"quote": "till 2030", "block_id": "b", "prefix": "Utsläppen ska halveras ", "suffix": "."}
    >>> new = [{"id": "a", "text": "Länet växer."}, {"id": "b", "text": "Alla utsläpp ska halveras till 2030."}]
    >>> found = resolve(old, new)
    >>> (found.outcome, found.block, found.start, found.end, found.text)
    ('exact', 'b', 26, 35, 'till 2030')
    >>> resolve(old, [{"id": "c", "text": "Utsläppen ska halveras till 2035."}]).outcome  # a lookalike
    'gone'

Outcomes: exact, moved, reworded (with a place), ambiguous, gone (without one, but perhaps with ``alternatives``); ``score``
0..1. With ``base=`` (the text that the words were chosen in) moved words are told from lookalikes. It never guesses.
``selector_from_positions`` and ``selector_from_quote`` make selectors; ``text_blocks`` shows the text as it is compared.
"""

from .outcome import AMBIGUOUS, EXACT, GONE, MOVED, REWORDED, Resolution
from .positions import map_position, resolve_at, step_maps
from .resolver import Resolver, resolve, resolve_all
from .selector import Selector, selector_from_positions, selector_from_quote
from .target import Target
from .text import TextBlock, comparable, node_size, text_blocks

__all__ = [
    "AMBIGUOUS",
    "EXACT",
    "GONE",
    "MOVED",
    "REWORDED",
    "Resolution",
    "Resolver",
    "Selector",
    "Target",
    "TextBlock",
    "comparable",
    "map_position",
    "node_size",
    "resolve",
    "resolve_all",
    "resolve_at",
    "selector_from_positions",
    "selector_from_quote",
    "step_maps",
    "text_blocks",
]
