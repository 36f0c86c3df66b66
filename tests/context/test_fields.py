"""What fields and lines are, coarsely."""

from __future__ import annotations

import pytest

from lithify.context.fields import field_class, line_shape


@pytest.mark.parametrize(
    ("field", "kind"),
    [
        ("1702", "9"),
        ("-17", "9"),
        ("3.5", "9.9"),
        ("2024-05-16", "Y-9-9"),
        ("2024-05-16T10:00:00.123Z", "Y-9-9T9:9:9.9Z"),
        ("2014.03.23_20:24:00_TAI", "Y.9.9_9:9:9_TAI"),
        ("20240516-22:15:29:606", "D-9:9:9:9"),
        ("16/05/2024", "D/M/Y"),
        ("05/16/2024", "M/D/Y"),
        ("05/06/2024", "9/9/Y"),
        ("31.12.2024", "D.M.Y"),
        ("10/Oct/2024:13:55:36", "9/Mon/Y:9:9:9"),
        ("19-Jan-18", "9-Mon-9"),
        ("15:16:01", "9:9:9"),
        ("15:16:01,123", "9:9:9,9"),
        ("10.0.0.7", "ip"),
        ("10.0.0.7:8080", "ip"),
        ("1:2.3.4-5", "version"),
        ("0x7fed806eb5d", "hex"),
        ("9f4ef63a", "hex"),
        ("38101a0b-2096-447d-96ea-a692162415ae", "uuid"),
        ("Jun", "Mon"),
        ("Monday", "Day"),
        ("INFO", "LEVEL"),
        ("[error]", "[level]"),
        ("Warning:", "Level:"),
        ("error", "word"),
        ("sshd(pam_unix)[19939]:", "tag:"),
        ("kernel[0]:", "tag:"),
        ("crond[12]", "tag:"),
        ("kernel:", "tag:"),
        ("/var/log/syslog", "path"),
        ("C:\\Windows\\x", "path"),
        ("https://example.org/x", "path"),
        ("user=root", "user="),
        ("n=12", "n=9"),
        ("time=2024-05-16", "time=Y-9-9"),
        ('msg="two words"', "msg="),
        ('"GET /x HTTP/1.1"', "quoted"),
        ("[main]", "[name"),
        ("[10.30 16:49:06]", "[9.9 9:9:9"),
        ("node-246", "name"),
        ("unix.hw", "name"),
        ("RAS", "name"),
        ("-", "name"),
        ("combo", "word"),
        ("WindowManager", "Word"),
        ("D", "A"),
        ("|", "|"),
        ("\t", "tab"),
        ("***", "mark"),
    ],
)
def test_field_classes(field: str, kind: str) -> None:
    assert field_class(field) == kind


@pytest.mark.parametrize(
    ("line", "shape"),
    [
        ("Jun 14 15:16:01 combo sshd(pam_unix)[19939]: authentication failure; uid=0", "Mon 9 9:9:9 word tag:"),
        ("Jul  1 09:00:55 rooms-10-105 Text Editor[12]: saved", "Mon 9 9:9:9 name tag:"),
        ("2024-09-28 04:30:30, Info      CBS    Loaded stack", "Y-9-9 9:9:9 , Level name text"),
        ("2024-09-28 04:30:30, Info      CBS    Warning: odd", "Y-9-9 9:9:9 , Level name text"),
        ("134681 node-246 gige temperature 1077804742 1 normal", "9 name name name 9 9"),
        ("20171223-22:15:29:606|Step_LSC|30002312|onStand 3579", "D-9:9:9:9 | name | 9 |"),
        ("03-17 16:13:38.811  1702  2395 D WindowManager: x", "9-9 9:9:9.9 9 9 A tag:"),
        ("a 1 b-1 c-1 d-1 e-1 RAS KERNEL INFO parity", "name 9 name name name name LEVEL"),
        ("\tat com.example.Main(Main.java:12)", "> text"),
        ("one\t2\tthree", "name tab 9 tab text"),
        ("It was a dark and stormy night.", "text"),
        ("Not much here", "text-few"),
        ("Ann", "text-1"),
        ("", ""),
        ("   ", ""),
    ],
)
def test_line_shapes(line: str, shape: str) -> None:
    assert line_shape(line) == shape


def test_a_very_long_line_is_judged_by_its_beginning() -> None:
    assert line_shape("Jun 14 15:16:01 combo kernel: " + "x" * 10_000_000) == "Mon 9 9:9:9 word tag:"
