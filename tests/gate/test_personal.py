"""Personal data is replaced by level, and put back in what is shown."""

import pytest

from askance.gate import Gate
from askance.gate.checksums import luhn

EVERY_LEVEL = {
    "CARD": ["4111 1111 1111 1111", "5500-0055-5555-5559", "378282246310005", "4242424242424242"],
    "IBAN": ["DE89 3704 0044 0532 0130 00", "GB82WEST12345698765432", "FR1420041010050500013M02606"],
    "SSN": ["536-90-4399"],
    "CPF": ["529.982.247-25"],
    "DNI": ["12345678Z"],
    "NIE": ["X1234567L"],
    "CODICE_FISCALE": ["RSSMRA85T10A562S"],
    "NINO": ["AB 12 34 56 C", "QQ123456C".replace("QQ", "AB")],
    "BSN": ["BSN: 111222333"],
    "STEUER_ID": ["Steuer-ID 86095742719"],
    "PERSONNUMMER": ["personnummer 811218-9876"],
}
BELOW_SAMPLES = {
    "EMAIL": ["anna.schmidt@firma-nord.de", "j.doe+x@mail.acme.com"],
    "PHONE": ["+49 30 901820", "(212) 736-5000", "212-736-5000", "06 12 34 56 78", "+1 212 736 5000"],
}
NOBODY = [
    "bob@example.org",
    "noreply@acme.com",
    "git@github.com:me/it.git",
    "@property",
    "W@x.shape",
    "numpy@1.26.4",
    "python@sha256:0123",
    "icon@2x.png",
    "2026-11-23 10:11:12",
    "10.0.0.138",
    "1700000000000",
    "3.141592653589793",
    "ISBN 978-0-306-40615-7",
    "[4000123412341230, 4000123412341231, 4000123412341232]",
    "4111 1111 1111 1112",
    "000-12-3456",
    "DE89 3704 0044 0532 0130 01",
    "12345678A",
    "order 20261123-0042",
]


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in EVERY_LEVEL.items() for text in texts])
def test_numbers_of_people_leave_at_no_level(kind, text):
    """Cards, accounts and people's numbers, by their check digits."""
    for level in range(4):
        redacted, report = Gate().redact(f"it is {text}, so", "x", level)
        assert [one.kind for one in report] == [kind]
        assert text[-6:] not in redacted


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in BELOW_SAMPLES.items() for text in texts])
def test_addresses_and_telephones_leave_where_samples_may(kind, text):
    """At level 3 alone; what is shown has them at any level."""
    gate = Gate()
    sentence = f"call {text} today"
    assert gate.redact(sentence, "x", 3) == (sentence, [])
    redacted, report = gate.redact(sentence, "x", 2)
    assert [one.kind for one in report] == [kind]
    assert text not in redacted
    assert gate.shown(redacted) == gate.restore(redacted) == sentence


@pytest.mark.parametrize("text", NOBODY)
def test_what_names_nobody_leaves(text):
    """Stand-ins, code, times, versions, rows of ids, numbers whose check digit is wrong."""
    assert Gate().redact(text, "x", 0) == (text, [])


def test_what_is_shown_has_no_secret():
    """Personal data comes back, secrets stay replaced; restored, all of it comes back."""
    gate = Gate()
    text = "password = 'Zebra!42x' of anna.schmidt@firma-nord.de"
    redacted, _ = gate.redact(text, "x", 1)
    assert gate.shown(redacted) == "password = '<PASSWORD_1>' of anna.schmidt@firma-nord.de"
    assert gate.restore(redacted) == text


def test_luhn_is_the_published_sum():
    """The example of the standard, and one digit off."""
    assert luhn("79927398713")
    assert not luhn("79927398710")
