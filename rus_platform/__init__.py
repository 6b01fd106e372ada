"""Loading the project loads its Celery app, so that ``shared_task`` binds to it."""

from rus_platform.celery import app as celery_app

__all__ = ["celery_app"]
