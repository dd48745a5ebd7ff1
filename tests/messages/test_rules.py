"""Who a message may go to, what it says, and when it is tried again."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from messages import rules, template_rules
from messages.rules import Channel, Outcome


@pytest.mark.parametrize(
    "typed", ["07700 900123", "+44 7700 900 123", "447700900123", "(07700) 900-123", "07700.900.123"]
)
def test_a_uk_mobile_in_any_writing_is_one_number(typed: str) -> None:
    assert rules.recipient(Channel.SMS, typed) == "+447700900123"


def test_a_number_from_abroad_is_taken_as_it_is() -> None:
    assert rules.recipient(Channel.SMS, "+353 85 012 3456") == "+353850123456"


@pytest.mark.parametrize(
    "typed", ["", "0770090012", "020 7946 0000", "+44 20 7946 0000", "٠٧٧٠٠٩٠٠١٢٣", "07700900123x", "+0123456789"]
)
def test_what_is_no_mobile_number_is_told(typed: str) -> None:
    with pytest.raises(ValueError, match="mobile number"):
        rules.recipient(Channel.SMS, typed)


@pytest.mark.parametrize("typed", ["anna@example.org", "a.b+c@sub.example.co.uk"])
def test_an_email_address_is_taken_as_it_is(typed: str) -> None:
    assert rules.recipient(Channel.EMAIL, typed) == typed


@pytest.mark.parametrize(
    "typed", ["", "anna", "anna@", "anna@example", "a b@example.org", "a@b@example.org", "a@" + "x" * 300 + ".org"]
)
def test_what_is_no_email_address_is_told(typed: str) -> None:
    with pytest.raises(ValueError, match="e-mail address"):
        rules.recipient(Channel.EMAIL, typed)


@given(some.text(max_size=40))
def test_whatever_is_typed_is_a_number_or_told_to_be_none(typed: str) -> None:
    try:
        number = rules.recipient(Channel.SMS, typed)
    except ValueError:
        return
    assert number.startswith("+") and number[1:].isascii() and number[1:].isdigit()


def test_a_number_is_shown_by_its_end_and_an_address_by_its_domain() -> None:
    assert rules.masked("+447700900123") == "number ending 123"
    assert rules.masked("anna@example.org") == "a…@example.org"
    assert rules.masked("") == "erased"


def test_the_words_are_filled_in_as_the_provider_does_it_and_what_is_missing_is_seen() -> None:
    assert template_rules.rendered("((council)): ((link)) ((other))", {"council": "H", "link": "((council))"}) == (
        "H: ((council)) ((other))"
    )


def test_a_text_message_is_short_and_every_template_has_the_link() -> None:
    address = "https://doorstep.a-long-council.gov.uk/inventory/" + "x" * 43
    given = {"council": "Harrowmere Borough Council", "link": address, "number": "4821", "name": "J. Smith-Jones"}
    given |= {
        "how": "Heard of them at 10:02, which came at 10:09.",
        "gap": "from 10:02 to 10:14",
        "visits": "37 out",
        "what": "the clock of doorstep-1 is 12 seconds from the database’s.",
        "owner": "J. Smith-Jones has had it since 10:04.",
        "team": "Temporary accommodation",
        "when": "on Saturday 12 December from 17:00 until Monday 09:00",
        "more": "Nor at 12 more times. ",
        "steps": "5, 10, 15 and 20 minutes",
        "reply": " or reply OK 4821",
        "code": "482193",
        "said": f"You have visit 4821, J. Smith-Jones, until 10:12. Then say what you found: {address}",
    }
    for key, template in template_rules.TEMPLATES.items():
        said = template_rules.rendered(template.subject + template.body, given | {"time": "10:30"})
        assert "((" not in said
        plain = key in ("reply-stranger-sms", "phone-test-sms") or template.channel is Channel.PUSH
        assert address in said or plain, "a stranger is shown no way in, and a notification is pressed"
        assert template.channel is Channel.EMAIL or len(said) <= 306  # two text messages


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (400, Outcome.REFUSED),
        (404, Outcome.REFUSED),
        (403, Outcome.NOT_NOW),
        (429, Outcome.NOT_NOW),
        (408, Outcome.UNKNOWN),
        (500, Outcome.UNKNOWN),
        (503, Outcome.UNKNOWN),
    ],
)
def test_each_answer_means_one_thing(status: int, outcome: Outcome) -> None:
    assert rules.answer_to(status).outcome is outcome


def test_it_is_tried_again_soon_then_seldom_and_for_ever() -> None:
    pauses = [rules.pause(tries) for tries in range(1, 50)]
    assert pauses[0] == timedelta(seconds=5) and pauses[-1] == timedelta(minutes=5)
    assert pauses == sorted(pauses)
