"""The peer of the reading page: a Django view that fetches ready HTML with one query and hands it out, behind the same middleware."""

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

from rus_platform.urls import urlpatterns as ours


def plain_page(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT html FROM bench_html ORDER BY n")
        return HttpResponse("".join(row[0] for row in cursor.fetchall()))


def keep(html: str, rows: int) -> None:
    """Put the page into the table in as many rows as it has sections."""
    piece = len(html) // rows + 1
    parts = [html[start : start + piece] for start in range(0, len(html), piece)]
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS bench_html (n int PRIMARY KEY, html text)")
        cursor.execute("TRUNCATE bench_html")
        cursor.executemany("INSERT INTO bench_html VALUES (%s, %s)", list(enumerate(parts)))


urlpatterns = [path("plain/", plain_page), *ours]
