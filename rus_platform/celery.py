"""The Celery app; its settings are the ``CELERY_`` ones in settings.py.

Every task is acknowledged when it is done, so a task whose worker dies is run again by another: tasks
are written to be repeated. Nothing is ever run eagerly, not in tests either.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rus_platform.settings")

app = Celery("rus_platform")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
