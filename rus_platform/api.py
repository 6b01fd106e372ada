"""The API's one error handler."""

from typing import Any

from rest_framework.response import Response
from rest_framework.views import exception_handler

from rus_platform.kit.errors import DomainError


def domain_error_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """DomainError -> its status and ``{code, message, ...data}``; the rest as DRF does it."""
    if isinstance(error, DomainError):
        body = {"code": error.code, "message": str(error), **error.data}
        if fields := getattr(error, "fields", None):
            body["fields"] = {name: str(text) for name, text in fields.items()}
        return Response(body, status=error.status)
    return exception_handler(error, context)
