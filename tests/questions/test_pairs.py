# ruff: noqa: E501
"""Pairs of questions: which may be answered by the same kept tool (with which values), and which must not.

Each near miss differs in something that changes the answer. A wrong reuse is worse than a missed one.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from lithify.questions import literals, make_template, match_template
from lithify.records.tool import Slot

Values = dict[str, int | float | str]


def match(asked: str, slots: Sequence[str], again: str) -> Values | None:
    """Match a question against the recipe that another left; slots are literals as written, named a, b, … in order."""
    found = {literal.text: literal for literal in literals(asked)}
    named = {chr(ord("a") + place): found[text] for place, text in enumerate(slots)}
    recipe_slots = tuple(Slot(name=name, type=one.type, default=one.value) for name, one in named.items())
    return match_template(make_template(asked, named), recipe_slots, again)


SAME: list[tuple[str, list[str], str, list[int | float | str]]] = [
    # the same question, written otherwise
    ("Which service restarted most often?", [], "which service restarted most often", []),
    ("Which service restarted most often?", [], "  Which  service\nrestarted most often ?", []),
    ("Which service restarted most often?", [], "WHICH SERVICE RESTARTED MOST OFTEN?", []),
    ("Which service restarted most often?", [], "Which service restarted the most often?", []),
    ("Which service restarted most often?", [], "Please, which service restarted most often?", []),
    ("Which service restarted most often?", [], "Can you tell me which service restarted most often?", []),
    ("Which service restarted most often?", [], "Could you please tell me which service restarted most often, please?", []),
    ("Which service restarted most often?", [], "Hi! Which service restarted most often? Thanks!", []),
    ("What is the average age?", [], "What's the average age?", []),
    ("What is the average age?", [], "What’s the average age", []),
    ("What is the average age?", [], "tell me: what is the average age", []),
    ("What is the average age?", [], "I want to know what is the average age.", []),
    ("Which users didn't log in?", [], "Which users did not log in?", []),
    ("How many errors, warnings and alerts are there?", [], "How many errors, warnings, and alerts are there?", []),
    ("How many lines contain “disk full”?", [], 'How many lines contain "disk full"?', []),
    ("How many lines contain 'disk full'?", [], "How many lines contain `disk full`?", []),
    ("How many lines contain «disk full»?", [], "How many lines contain ‘disk full’?", []),
    ("List the three slowest requests", [], "List the 3 slowest requests.", []),
    ("How many requests took more than 1000 ms?", [], "How many requests took more than 1,000ms?", []),
    ("How many café visits were there?", [], "How many cafe\u0301 visits were there?", []),
    ("What is the mean fare?", [], "What is the mean fare？", []),
    ("How many requests in the last hour?", [], "How many requests in the last hour...", []),
    ("How many failed logins were there?", [], "Do you know how many failed logins were there?", []),
    ("Count the lines.", [], "Count lines", []),
    ("Which hosts failed in R&D?", [], "which hosts failed in R&D", []),
    ("Errors & warnings per host", [], "Errors and warnings per host", []),
    # numbers
    ("What are the top 3 hosts?", ["3"], "What are the top 10 hosts?", [10]),
    ("What are the top 3 hosts?", ["3"], "What are the top three hosts?", [3]),
    ("What are the top three hosts?", ["three"], "what are the top 5 hosts", [5]),
    ("What are the top 3 hosts?", ["3"], "What are the top twenty-five hosts?", [25]),
    ("What are the top 3 hosts?", ["3"], "What are the top one hosts?", [1]),
    ("How many lines are longer than 80 characters?", ["80"], "How many lines are longer than 1,000 characters?", [1000]),
    ("How many lines are longer than 80 characters?", ["80"], "How many lines are longer than two hundred characters?", [200]),
    ("How many requests took longer than 1.5 seconds?", ["1.5"], "How many requests took longer than 2 seconds?", [2.0]),
    ("How many requests took longer than 1.5 seconds?", ["1.5"], "How many requests took longer than .25 seconds?", [0.25]),
    ("Which days were colder than 5 degrees?", ["5"], "Which days were colder than -5 degrees?", [-5]),
    ("Which is the 3rd largest city?", ["3"], "Which is the 2nd largest city?", [2]),
    ("How many rows have more than 50% missing?", ["50"], "How many rows have more than 10 % missing?", [10]),
    ("How many took more than 100ms?", ["100"], "How many took more than 250 ms?", [250]),
    ("How many events between 10 and 12?", ["10", "12"], "How many events between 8 and 20?", [8, 20]),
    ("How many events in 2014-2016?", ["2014", "2016"], "How many events in 1999-2003?", [1999, 2003]),
    # quoted text
    ('How many lines contain "disk full"?', ['"disk full"'], "How many lines contain 'connection reset by peer'?", ["connection reset by peer"]),
    ('How many lines contain "disk full"?', ['"disk full"'], "How many lines contain “Disk Full”?", ["Disk Full"]),
    ('How many lines contain "disk full"?', ['"disk full"'], 'How many lines contain "3"?', ["3"]),
    ("What is the mean of 'Fare'?", ["'Fare'"], 'What is the mean of "Age of the Ship"?', ["Age of the Ship"]),
    # words, names, addresses, dates
    ("How many times did user root log in?", ["root"], "How many times did user admin log in?", ["admin"]),
    ("How many times did user root log in?", ["root"], "how many times did the user backup-2 log in", ["backup-2"]),
    ("How many times did user root log in?", ["root"], 'How many times did user "Bob Smith" log in?', ["Bob Smith"]),
    ("How many ERROR lines are there?", ["ERROR"], "How many WARN lines are there?", ["WARN"]),
    ("How many failures came from 10.0.0.7?", ["10.0.0.7"], "How many failures came from 218.188.2.4?", ["218.188.2.4"]),
    ("How many events has node-246?", ["node-246"], "How many events has node-9?", ["node-9"]),
    ("What did WindowManager log?", ["WindowManager"], "What did PowerManagerService log?", ["PowerManagerService"]),
    ("What happened on 2005-06-14?", ["2005-06-14"], "What happened on 2005-07-01?", ["2005-07-01"]),
    ("What happened at 15:16:01?", ["15:16:01"], "What happened at 09:00:55?", ["09:00:55"]),
    ("How many failures on Jun 14?", ["Jun 14"], "How many failures on Jul  27?", ["Jul 27"]),
    ("How many failures on June 14?", ["June 14"], "How many failures on December 24?", ["December 24"]),
    ("How many failures on Jun 14?", [], "how many failures on jun 14", []),
    ("How often does sshd(pam_unix) appear?", ["sshd(pam_unix)"], "How often does su(pam_unix) appear?", ["su(pam_unix)"]),
    ("How big is /var/log/syslog?", ["/var/log/syslog"], "How big is /etc/hosts?", ["/etc/hosts"]),
    ("What is root's home?", ["root"], "What is nobody1's home?", ["nobody1"]),
    ("How many times did root fail from 10.0.0.7 after 15:16:01?", ["root", "10.0.0.7", "15:16:01"],
     "Please tell me how many times did guest fail from 10.0.0.9 after 09:00:00?", ["guest", "10.0.0.9", "09:00:00"]),
    ("How often did root call root?", ["root"], "How often did admin call admin?", ["admin"]),
    ("Which lines mention status 404?", ["404"], "Which lines mention status 500?", [500]),
    ("How many rows have Sex = male?", ["male"], "How many rows have Sex = female?", ["female"]),
    ("How many passengers are from Boston?", ["Boston"], "How many passengers are from Paris?", ["Paris"]),
    ("What is the value of uid=0?", ["uid=0"], "What is the value of uid=500?", ["uid=500"]),
    ("What is the value of x?", [], "What is value of x?", []),
    ("Hello, which hosts failed?", [], "Hey! Which hosts failed?", []),
    ("Which hosts failed in 2014–2016?", ["2014", "2016"], "Which hosts failed in 2015-2017?", [2015, 2017]),
    ("Which days were colder than −5 degrees?", ["−5"], "Which days were colder than −12 degrees?", [-12]),
    ("How many ＥＲＲＯＲ lines ？", [], "How many ERROR lines?", []),
    ("Top 5 users by failures, with 'root' left out", ["5", "'root'"], "top 7 users by failures, with 'guest' left out", [7, "guest"]),
]  # fmt: skip

OTHER: list[tuple[str, list[str], str]] = [
    # one word says what to compute
    ("Which service restarted most often?", [], "Which service restarted least often?"),
    ("Which service restarted most often?", [], "Which services restarted most often?"),
    ("Which service restarted most often?", [], "Which service started most often?"),
    ("Which service restarted most often?", [], "Which host restarted most often?"),
    ("Which service restarted most often?", [], "Which service restarted most often today?"),
    ("Which service restarted most often?", [], "Which service restarted most often and why?"),
    ("Which service restarted most often?", [], "Which service never restarted?"),
    ("Which service restarted most often?", [], "How often did the service restart?"),
    ("Which service restarted first?", [], "Which service restarted last?"),
    ("What is the average age?", [], "What is the median age?"),
    ("What is the average age?", [], "What is the average fare?"),
    ("What is the average age?", [], "What was the average age?"),
    ("What is the average age of women?", [], "What is the average age of men?"),
    ("What is the maximum of Close?", [], "What is the minimum of Close?"),
    ("How many lines contain errors?", [], "How many lines contain no errors?"),
    ("Which users logged in?", [], "Which users did not log in?"),
    ("Which users logged in?", [], "Which users logged out?"),
    ("How many users logged in before noon?", [], "How many users logged in after noon?"),
    ("How many rows are above the mean?", [], "How many rows are below the mean?"),
    ("Is the trend increasing?", [], "Is the trend decreasing?"),
    ("List the hosts with errors and warnings", [], "List the hosts with errors or warnings"),
    ("How many unique users are there?", [], "How many users are there?"),
    ("Which few users failed?", [], "Which a few users failed?"),
    ("How long does it take from a to b?", [], "How long does it take from b to a?"),
    ("What grade is better, A or B?", [], "What grade is better, B or A?"),
    ("How many messages say please?", [], "How many messages say thanks?"),
    ("Does each user have a login?", [], "Does any user have a login?"),
    ("What is the sum of Open and Close?", [], "What is the sum of Close and Open?"),
    ("What is the first error?", [], "What is the second error?"),
    ("How many per day?", [], "How many per hour?"),
    ("Which request took the longest?", [], "Which request took the shortest?"),
    # literals that are no slots stay as they are
    ("How many lines contain 'disk full'?", [], "How many lines contain 'Disk full'?"),
    ("How many lines contain 'disk full'?", [], "How many lines contain disk full?"),
    ("What are the top 3 hosts?", [], "What are the top 4 hosts?"),
    ("What happened on node-246?", [], "What happened on node-247?"),
    ("How many took more than 10 ms?", [], "How many took more than 10 s?"),
    ("How many rows have more than 50% missing?", [], "How many rows have more than 50 missing?"),
    ("What is the value at 1.5?", [], "What is the value at 15?"),
    # slots of a type
    ("What are the top 3 hosts?", ["3"], "What are the bottom 3 hosts?"),
    ("What are the top 3 hosts?", ["3"], "What are the top hosts?"),
    ("What are the top 3 hosts?", ["3"], "What are the top 3.5 hosts?"),
    ("What are the top 3 hosts?", ["3"], "What are the top few hosts?"),
    ("What are the top 3 hosts?", ["3"], "What are the top '3' hosts?"),
    ("What are the top 3 hosts?", ["3"], "What are the top 3% hosts?"),
    ("What are the top 3 hosts?", ["3"], "What are the top 007 hosts?"),
    ("Which is the 3rd largest city?", ["3"], "Which is the 3 largest city?"),
    ("How many took more than 100ms?", ["100"], "How many took more than 100s?"),
    ("How many events between 10 and 12?", ["10", "12"], "How many events between 10 or 12?"),
    ("How many lines are longer than 80 characters?", ["80"], "How many lines are longer than 80 words?"),
    ("How many lines are longer than 80 characters?", ["80"], "How many lines are shorter than 80 characters?"),
    ('How many lines contain "disk full"?', ['"disk full"'], "How many lines contain numbers?"),
    ('How many lines contain "disk full"?', ['"disk full"'], "How many lines contain disk full?"),
    ('How many lines contain "disk full"?', ['"disk full"'], "How many lines start with 'disk full'?"),
    ('How many lines contain "disk full"?', ['"disk full"'], "How many lines contain 'disk' or 'full'?"),
    # a word's slot takes one word of its kind, and none of grammar
    ("How many times did user root log in?", ["root"], "How many times did user bob smith log in?"),
    ("How many times did user root log in?", ["root"], "How many times did user anyone log in?"),
    ("How many times did user root log in?", ["root"], "How many times did user each log in?"),
    ("How many times did user root log in?", ["root"], "How many times did user not log in?"),
    ("How many times did user root log in?", ["root"], "How many times did user 5 log in?"),
    ("How many times did user root log in?", ["root"], "How many times did user ROOT log in?"),
    ("How many times did user root log in?", ["root"], "How many times did user root log out?"),
    ("How many times did user root log in?", ["root"], "How many times did user log in?"),
    ("How many times did user root log in?", ["root"], "How many times did user root fail to log in?"),
    ("How many ERROR lines are there?", ["ERROR"], "How many error lines are there?"),
    ("How many ERROR lines are there?", ["ERROR"], "How many long lines are there?"),
    ("How many ERROR lines are there?", ["ERROR"], "How many distinct lines are there?"),
    ("How many failures came from 10.0.0.7?", ["10.0.0.7"], "How many failures came from localhost?"),
    ("How many failures came from 10.0.0.7?", ["10.0.0.7"], "How many failures came from 10.0.0.0/8?"),
    ("How many events has node-246?", ["node-246"], "How many events has everyone?"),
    ("What happened on 2005-06-14?", ["2005-06-14"], "What happened on 14.06.2005?"),
    ("What happened on 2005-06-14?", ["2005-06-14"], "What happened on 2005-06?"),
    ("What happened on 2005-06-14?", ["2005-06-14"], "What happened on Monday?"),
    ("What happened at 15:16:01?", ["15:16:01"], "What happened at 15:16?"),
    ("How many failures on Jun 14?", ["Jun 14"], "How many failures on Jul 1?"),
    ("How many failures on Jun 14?", ["Jun 14"], "How many failures on July 15?"),
    ("How many failures on Jun 14?", ["Jun 14"], "How many failures on 2005-06-14?"),
    ("How many failures on Jun 14?", ["Jun 14"], "How many failures on Jun?"),
    ("What did WindowManager log?", ["WindowManager"], "What did windowmanager log?"),
    ("How often did root call root?", ["root"], "How often did admin call root?"),
    ("What is root's home?", ["root"], "What is roots home?"),
    ("How many passengers are from Boston?", ["Boston"], "How many passengers are from boston?"),
    ("How many passengers are from Boston?", ["Boston"], "How many passengers are from New York?"),
    # what looks like politeness, an article or a spelling, and is not
    ("Hello occurs how many times?", [], "Hi occurs how many times?"),
    ("How many a records are there?", [], "How many records are there?"),
    ("How many A records are there?", [], "How many records are there?"),
    ("What is the mean of T?", [], "What is the mean of t?"),
    ("How many lines have 10² in them?", [], "How many lines have 102 in them?"),
    ("How many rows hold Maße?", [], "How many rows hold Masse?"),
    ("How many rows are more than a dozen?", [], "How many rows are more than dozens?"),
    ("How many are from US?", ["US"], "How many are from us?"),
    ("Which lines mention 'a'?", [], "Which lines mention?"),
    ("How many lines are there with -5?", [], "How many lines are there with 5?"),
    ("How many days are colder than -5?", ["-5"], "How many days are colder than minus?"),
    ("What happened between 10:00 and 11:00?", ["10:00", "11:00"], "What happened between 10:00 and 11:00:30?"),
    ("How many in the range 10-20?", ["10", "20"], "How many in the range 10-20-30?"),
    ("How big is /var/log/syslog?", ["/var/log/syslog"], "How big is backup-2?"),
    ("Mails to bob@example.org?", ["bob@example.org"], "Mails to example.org?"),
    ("What is the value of uid=0?", ["uid=0"], "What is the value of logname?"),
    ("How many failures came from 10.0.0.7?", ["10.0.0.7"], "How many failures came from 'the office'?"),
    ("How many failures came from 10.0.0.7?", ["10.0.0.7"], "How many failures came from 10.0.0.7:22?"),
    ("Which is it: errors or warnings?", [], "Which is it: warnings or errors?"),
    ("How many logins (failed) are there?", [], "How many logins are there?"),
    ("How many {n} are there in 3?", ["3"], "How many 5 are there in 3?"),
    ("Is x > 5?", ["5"], "Is x < 5?"),
    ("Is x > 5?", ["5"], "Is x >= 5?"),
    ("How many of $100?", ["100"], "How many of €100?"),
    ("List the top 3 users per day", ["3"], "List the top 3 users per 3 day"),
    ("Which one failed twice?", [], "Which two failed once?"),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "slots", "again", "values"), SAME, ids=lambda value: str(value)[:60])
def test_the_same_question_with_these_values(
    asked: str, slots: list[str], again: str, values: list[int | float | str]
) -> None:
    found = match(asked, slots, again)
    assert found is not None
    assert list(found.values()) == values
    assert [type(value) for value in found.values()] == [type(value) for value in values]


@pytest.mark.parametrize(("asked", "slots", "again"), OTHER, ids=lambda value: str(value)[:60])
def test_another_question(asked: str, slots: list[str], again: str) -> None:
    assert match(asked, slots, asked) is not None
    assert match(asked, slots, again) is None


def test_there_are_enough_pairs_to_mean_something() -> None:
    assert len(SAME) >= 60
    assert len(OTHER) >= 60
