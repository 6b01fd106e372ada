"""A form that calls a verb: what the verb says of a field is shown at the field, and nothing typed is lost."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.forms import BaseForm

from rus_platform.kit.errors import Conflict, Invalid

Result = TypeVar("Result")


def attempt(form: BaseForm, verb: Callable[..., Result], **arguments: Any) -> Result | None:
    """What ``verb`` returns, or None when it refused the input; the form then carries the sentences.

    A Conflict is kept as ``form.conflict`` so that the page can show both texts.
    """
    try:
        return verb(**arguments)
    except Invalid as refusal:
        for name, sentence in refusal.fields.items():
            form.add_error(name if name in form.fields else None, str(sentence))
        if not refusal.fields:
            form.add_error(None, str(refusal))
    except Conflict as conflict:
        form.conflict = conflict  # type: ignore[attr-defined]
        form.add_error(None, str(conflict))
    return None
