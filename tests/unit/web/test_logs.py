"""A log line holds ids and endpoints; what is somebody's is hidden wherever it stands."""

import json
import logging
import sys

import pytest

from portal.web import logs


def line(message="event", **values):
    event = {"event": message, **values}
    return logs.redact(None, "info", event)


@pytest.mark.parametrize(
    "key", ["name", "phone", "id_no", "email", "own_words", "token", "password"]
)
def test_private_keys_are_hidden_whatever_they_hold(key):
    assert line(**{key: "王小明"})[key] == "***"
    assert line(row={"deep": [{key: "王小明"}]})["row"]["deep"][0][key] == "***"


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("ValueError: 999421201506010014 is bad", "999421201506010014"),
        ("号码99942120150601001X错", "99942120150601001X"),
        ("call 12059861234 now", "12059861234"),
        ("+8612059861234", "12059861234"),
        ("to lin.aihua@example.org failed", "lin.aihua"),
    ],
)
def test_numbers_and_addresses_are_masked_in_free_text(text, secret):
    assert secret not in line(text)["event"]
    assert secret not in line(exception=f"Traceback\n  {text}")["exception"]
    assert secret not in line(values=[text])["values"][0]


@pytest.mark.parametrize(
    "harmless",
    ["019e431c-7900-76ee-8f7b-612e508f89cd", "2026-11-22T10:00:00Z", "12 rows", "WX-2026-00012"],
)
def test_ids_and_counts_stay_readable(harmless):
    assert line(value=harmless)["value"] == harmless


def test_a_library_s_line_goes_the_same_way():
    record = logging.LogRecord(
        "huey", logging.ERROR, __file__, 1, "failed for %s", ("lin@example.org",), None
    )
    written = json.loads(logs.formatter().format(record))
    assert written["event"] == "failed for l***@example.org"
    assert written["level"] == "error"


def test_an_exception_is_one_line_and_quotes_no_number():
    try:
        int("12059861234x")
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, __file__, 1, "failed", (), sys.exc_info())
    written = logs.formatter().format(record)
    assert "\n" not in written
    assert "12059861234" not in written
    assert "ValueError" in json.loads(written)["exception"]
