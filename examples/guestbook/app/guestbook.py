"""A guestbook as a WSGI application: entries in PostgreSQL, the page's visits in Redis."""

import html
import json
import os
import string
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs

import psycopg2
import psycopg2.pool
import redis

HERE = Path(__file__).parent
LONGEST_TEXT = 500
LARGEST_BODY = 16_384

database = psycopg2.pool.ThreadedConnectionPool(1, 8, os.environ["DATABASE_URL"])
visits = redis.Redis(host=os.environ["REDIS_HOST"])


@contextmanager
def cursor():
    connection = database.getconn()
    try:
        with connection, connection.cursor() as result:
            yield result
    finally:
        # A connection that the server has dropped is not given to the next request.
        database.putconn(connection, close=bool(connection.closed))


def create_table():
    with cursor() as sql:
        sql.execute("SELECT pg_advisory_xact_lock(1)")
        sql.execute(
            "CREATE TABLE IF NOT EXISTS entries"
            " (id serial PRIMARY KEY, name text NOT NULL, text text NOT NULL,"
            " written timestamptz NOT NULL DEFAULT now())"
        )


def read_entries():
    with cursor() as sql:
        sql.execute("SELECT name, text, to_char(written, 'YYYY-MM-DD HH24:MI') FROM entries ORDER BY id DESC LIMIT 100")
        return [{"name": name, "text": text, "written": written} for name, text, written in sql.fetchall()]


def add_entry(environ):
    size = min(int(environ.get("CONTENT_LENGTH") or 0), LARGEST_BODY)
    form = parse_qs(environ["wsgi.input"].read(size).decode("utf-8", "replace"))
    name = form.get("name", [""])[0].strip()[:80] or "somebody"
    text = form.get("text", [""])[0].strip()[:LONGEST_TEXT]
    if not text:
        return "400 Bad Request", [("Content-Type", "text/plain")], "An entry needs a text.\n"
    with cursor() as sql:
        sql.execute("INSERT INTO entries (name, text) VALUES (%s, %s)", (name, text))
    return "303 See Other", [("Location", "/")], ""


def show_page(_environ):
    template = string.Template((HERE / "templates" / "page.html").read_text("utf-8"))
    entries = "\n".join(
        f"<li><strong>{html.escape(entry['name'])}</strong> <time>{entry['written']}</time>"
        f"<p>{html.escape(entry['text'])}</p></li>"
        for entry in read_entries()
    )
    page = template.substitute(entries=entries, visits=visits.incr("visits"))
    return "200 OK", [("Content-Type", "text/html; charset=utf-8")], page


def list_entries(_environ):
    return "200 OK", [("Content-Type", "application/json")], json.dumps(read_entries()) + "\n"


def show_health(_environ):
    with cursor() as sql:
        sql.execute("SELECT 1")
    visits.ping()
    return "200 OK", [("Content-Type", "text/plain")], "healthy\n"


def not_found(_environ):
    return "404 Not Found", [("Content-Type", "text/plain")], "Nothing here.\n"


ROUTES = {
    ("GET", "/"): show_page,
    ("POST", "/entries"): add_entry,
    ("GET", "/entries"): list_entries,
    ("GET", "/health"): show_health,
}


def application(environ, start_response):
    handler = ROUTES.get((environ["REQUEST_METHOD"], environ["PATH_INFO"]), not_found)
    status, headers, body = handler(environ)
    data = body.encode("utf-8")
    start_response(status, [*headers, ("Content-Length", str(len(data)))])
    return [data]


create_table()
