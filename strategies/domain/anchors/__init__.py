"""Comments and consultation points hold on to exact words; this finds the words again. Pure Python, no database.

``resolve(selector, text) -> Resolution`` is the plain entry point; ``selector_from_positions`` and
``selector_from_quote`` make selectors; ``text_blocks`` shows the text as it is compared.
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
