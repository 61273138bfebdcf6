"""What is told, in how many messages, and what waits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from smartspec.domain.ids import ExecutionPk, WorkflowPk
from smartspec.domain.notification.channel import Channel, ChannelKind, check, check_url
from smartspec.domain.notification.quiet_hours import parse
from smartspec.domain.notification.rules import News, NewsKind, Policy, Rules, decide
from smartspec.errors import Invalid
from smartspec.value import replace

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
RULES = Rules(kinds=frozenset(NewsKind), together=3, within=timedelta(minutes=10), a_day=50)


def news(kind: NewsKind = NewsKind.FAILED, name: str = "backup", workflow: int = 1) -> News:
    return News(kind, WorkflowPk(workflow), name, ExecutionPk(7), "id", "sync: no route to host")


def test_each_is_told_by_itself_with_what_was_said() -> None:
    told = decide([news(), news(NewsKind.RECOVERED, "export"), news(NewsKind.LONG, "corpus")], RULES, [], NOON)
    assert [str(each.title) for each in told.notifications] == [
        "backup failed",
        "export works again",
        "corpus runs long",
    ]
    assert str(told.notifications[0].body) == "sync: no route to host" and told.notifications[0].execution_id == "id"


def test_more_than_a_few_are_one_with_a_count() -> None:
    many = [news(name=f"w{n}", workflow=n) for n in range(7)] + [news(NewsKind.RECOVERED, "export")]
    (told,) = decide(many, RULES, [], NOON).notifications
    assert str(told.title) == "7 executions failed, 1 works again"
    assert str(told.body) == "w0, w1, w2, w3, w4 and 3 more" and told.execution is None


def test_an_alert_has_its_own_headline_and_counts_by_itself() -> None:
    missed = replace(news(NewsKind.MISSED, "nightly"), headline="nightly should have run by now", execution=None)
    disk = replace(news(NewsKind.ALERT, ""), headline="Little room in /data", execution=None, workflow=None)
    told = decide([missed, disk], RULES, [], NOON).notifications
    assert [str(each.title) for each in told] == ["nightly should have run by now", "Little room in /data"]
    (one,) = decide([missed, disk, news(), news()], RULES, [], NOON).notifications
    assert str(one.title) == "2 executions failed, 1 should have run, 1 alert"
    assert str(one.body) == "nightly, Little room in /data, backup"


def test_after_so_many_in_ten_minutes_the_next_waits_and_then_there_is_room_again() -> None:
    sent = [NOON - timedelta(minutes=minutes) for minutes in (9, 5, 1)]
    assert decide([news()], RULES, sent, NOON).until == NOON + timedelta(minutes=1)
    assert len(decide([news()], RULES, sent, NOON + timedelta(minutes=1)).notifications) == 1
    assert len(decide([news()] * 2, RULES, sent[1:], NOON).notifications) == 1, "two would be one too many"


@pytest.mark.parametrize(
    ("policy", "kinds"),
    [
        (Policy.ALL, ["failed", "recovered", "long", "missed", "alert"]),
        (Policy.FAILURES, ["failed", "missed"]),
        (Policy.NONE, []),
    ],
)
def test_a_workflow_is_told_of_as_was_chosen_for_it(policy: Policy, kinds: list[str]) -> None:
    rules = replace(RULES, policies={WorkflowPk(1): policy})
    told = [kind for kind in NewsKind if decide([news(kind)], rules, [], NOON).notifications]
    assert told == kinds and decide([news(workflow=2)], rules, [], NOON).notifications


def test_a_kind_that_is_switched_off_is_not_told() -> None:
    rules = replace(RULES, kinds=frozenset({NewsKind.FAILED}))
    assert not decide([news(NewsKind.LONG)], rules, [], NOON).notifications


@pytest.mark.parametrize(
    ("hours", "now", "end"),
    [("22:00-07:00", "23:30", "2026-11-21T07:00"), ("22:00-07:00", "06:59", "2026-11-20T07:00"), ("22:00-07:00", "07:00", None),
     ("22:00-07:00", "21:59", None), ("22:00-07:00", "22:00", "2026-11-21T07:00"), ("12:00-14:00", "13:00", "2026-11-20T14:00"),
     ("12:00-14:00", "14:00", None), ("0:00–6:30", "00:00", "2026-11-20T06:30")],
)  # fmt: skip
def test_in_quiet_hours_it_waits_for_their_end(hours: str, now: str, end: str | None) -> None:
    zone = timezone(timedelta(hours=1))
    at = datetime.fromisoformat(f"2026-11-20T{now}").replace(tzinfo=zone)
    rules = replace(RULES, quiet=parse(hours))
    assert rules.quiet_until(at) == (datetime.fromisoformat(end).replace(tzinfo=zone) if end else None)
    told = decide([news()], rules, [], at)
    assert bool(told.notifications) is (end is None) and told.held == (() if end is None else (news(),))


@pytest.mark.parametrize(
    ("days", "friday", "saturday"),
    [("", True, True), (" mon-fri", True, False), (" sat,sun", False, True), (" Fri", True, False), (" sun-tue, sat", False, True)],
)  # fmt: skip
def test_quiet_hours_begin_on_their_days_and_end_on_the_next(days: str, friday: bool, saturday: bool) -> None:
    hours = parse(f"22:00-07:00{days}")
    assert hours is not None and parse(hours.written) == hours
    for day, is_quiet in ((20, friday), (21, saturday)):
        for moment in (datetime(2026, 11, day, 23, tzinfo=UTC), datetime(2026, 11, day + 1, 6, tzinfo=UTC)):
            assert (hours.until(moment) is not None) is is_quiet, moment


def test_what_was_held_is_told_in_one_when_it_is_over_or_by_nobody() -> None:
    held = decide([news(), news(NewsKind.RECOVERED, "export")], replace(RULES, muted_until=NOON), [], NOON - HOUR).held
    assert len(held) == 2
    (told,) = decide([news(name="new")], RULES, [], NOON, held).notifications
    assert str(told.title) == "2 executions failed, 1 works again"
    assert str(told.body) == "While it was quiet: backup, export, new"
    (alone,) = decide([], RULES, [], NOON, held[:1]).notifications
    assert str(alone.title) == "backup failed" and alone.execution_id == "id"
    assert decide([], replace(RULES, summary=False), [], NOON, held) == decide([], RULES, [], NOON)
    assert not decide([], replace(RULES, policies={WorkflowPk(1): Policy.NONE}), [], NOON, held).notifications


def test_an_important_workflow_is_told_of_in_quiet_hours_and_not_while_it_is_made_quiet() -> None:
    quiet = replace(RULES, quiet=parse("11:00-13:00"), important=frozenset({WorkflowPk(1)}), breaks_quiet=True)
    told = decide([news(), news(name="other", workflow=2)], quiet, [], NOON)
    assert [str(each.title) for each in told.notifications] == ["backup failed"] and len(told.held) == 1
    for rules in (replace(quiet, breaks_quiet=False), replace(quiet, muted_until=NOON + HOUR)):
        assert not decide([news()], rules, [], NOON).notifications
    sent = [NOON - timedelta(minutes=1)] * 3
    waits = decide([news(), news(name="other", workflow=2)], quiet, sent, NOON)
    assert waits.until is not None and not waits.held, "all of it is asked for again then"


@pytest.mark.parametrize(
    "text",
    [
        "22",
        "22:00",
        "22:00-22:00",
        "24:00-07:00",
        "22:60-07:00",
        "late",
        "-",
        "22:00-07:00 day",
        "22:00-07:00 mon-wed-fri",
        "22:00-07:00 mon,",
    ],
)
def test_what_are_no_hours_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        parse(text)
    assert parse("  ") is None


def test_the_last_of_a_day_says_so_and_then_nobody_is_told() -> None:
    rules = replace(RULES, a_day=2)
    told = decide([news()], rules, [NOON - timedelta(hours=3)], NOON)
    assert str(told.notifications[0].body).endswith("This is the last one today, of 2.")
    done = decide([news()] * 4, rules, [NOON - timedelta(hours=3), NOON - timedelta(hours=2)], NOON)
    assert (done.notifications, done.unsaid, done.until) == ((), 4, None)
    yesterday = [NOON - timedelta(hours=hours) for hours in (13, 14)]
    assert decide([news()], rules, yesterday, NOON).notifications, "a day begins at midnight"


def test_nothing_new_is_nothing_told_whatever_the_hour() -> None:
    assert decide([], replace(RULES, quiet=parse("00:00-23:59")), [], NOON).until is None


MAIL = Channel("post", ChannelKind.MAIL, to="a@b.org", sender="a@b.org", server="mail.b.org")


@pytest.mark.parametrize(
    "channel",
    [replace(MAIL, to="nobody"), replace(MAIL, sender="a@b@c"), replace(MAIL, to="a@b.org\nBcc: x@y.org"), replace(MAIL, server=""),
     replace(MAIL, to="a@[b"), replace(MAIL, to="a@b, c"), replace(MAIL, server="a..b"), replace(MAIL, server=":25"), replace(MAIL, server="h:port"), replace(MAIL, name=" "), replace(MAIL, name="a\nb"),
     Channel("c", ChannelKind.COMMAND), Channel("c", ChannelKind.COMMAND, command="'"), Channel("c", ChannelKind.COMMAND, command="a\0b")],
)  # fmt: skip
def test_a_channel_that_could_never_send_is_refused(channel: Channel) -> None:
    with pytest.raises(Invalid):
        check(channel)


def test_the_port_of_a_mail_server_is_that_of_its_kind_unless_one_is_named() -> None:
    assert MAIL.address == ("mail.b.org", 587) and replace(MAIL, security="tls").address[1] == 465
    assert replace(MAIL, server="[::1]:2525").address == ("::1", 2525)


@pytest.mark.parametrize(
    "url", ["", "x", "ftp://a.org", "https://", "http://a b.org", "https://a.org:99999", "https://a.org/\x00"]
)
def test_what_is_no_address_of_the_web_is_refused(url: str) -> None:
    with pytest.raises(Invalid):
        check_url(url)
    assert check_url("https://hooks.example.org/T/x?y=1")
