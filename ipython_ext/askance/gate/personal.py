"""Personal data: what names a person, by its form and check digits.

Enters: a text and a privacy level. Leaves: the stretches that must not leave at that level: cards, accounts and people's
numbers at any; addresses of mail and telephones below 3.
What is looked for is found in a map of the text that says `0` for a digit and `A` for a capital: `000-00-0000`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise

from . import checksums as check
from .mail import addresses
from .spans import PERSONAL, Span

SAMPLES = 3
"""The privacy level at which addresses and telephones may leave."""

_MAP = bytes(0x30 if 48 <= code <= 57 else 0x41 if 65 <= code <= 90 else code for code in range(256))

_GROUPS = (b"0000", b"00 00 00", b"000 000 000", b"00 00 000")
"""What at least one of stands in every number that is looked for, all signs taken for spaces."""

_DIGITS = bytes(0x30 if 48 <= code <= 57 else 0x20 for code in range(256))

AROUND = 40
"""Characters before and behind digits that belong to them: the rest of a number, the name before it."""

Check = Callable[[str], bool]


def _ssn(number: str) -> bool:
    return check.ssn(*re.split(r"[- ]", number))


_MOBILE = re.compile(r"[2-9]\d{2}[2-9]\d{6}")


def _nanp(number: str) -> bool:
    digits = re.sub(r"\D", "", number)[-10:]
    return _MOBILE.fullmatch(digits) is not None and digits[1:3] != "11"


def _digits(check_: Check) -> Check:
    return lambda number: check_(re.sub(r"[^0-9A-Z]", "", number))


def _any(_number: str) -> bool:
    return True


def _pattern(form: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.+-])(?:{form})(?![\w-]|\.\d)")


FORMS: tuple[tuple[str, tuple[bytes, ...], re.Pattern[str], Check], ...] = tuple(
    (kind, tuple(shape.encode() for shape in shapes.split("|")), _pattern(form), valid)
    for kind, shapes, form, valid in (
        ("SSN", "000-00-0000", r"\d{3}-\d{2}-\d{4}", _ssn),
        ("CPF", "000.000.000-00", r"\d{3}\.\d{3}\.\d{3}-\d{2}", _digits(check.cpf)),
        ("CNPJ", "00.000.000/0000-00", r"\d{2}\.\d{3}\.\d{3}/\d{4}-\d{2}", _digits(check.cnpj)),
        ("AADHAAR", "0000 0000 0000|0000-0000-0000", r"(?<!\d[ -])[2-9]\d{3}([ -])\d{4}\1\d{4}(?![ -]\d)", _digits(check.verhoeff)),
        ("NIR", "0 00 00 ", r"[12] \d\d (?:0[1-9]|1[0-2]|[2-9]\d) (?:\d\d|2[AB]) \d{3} \d{3} \d\d", _digits(check.nir)),
        ("DNI", "00000000A|00000000-A", r"\d{8}-?[A-HJ-NP-TV-Z]", _digits(check.dni)),
        ("NIE", "A0000000A|A-0000000-A", r"[XYZ]-?\d{7}-?[A-HJ-NP-TV-Z]", _digits(check.dni)),
        ("NINO", "AA000000A|AA 00 00 00 A", r"(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d\d ?\d\d ?\d\d ?[A-D]", _any),
        ("CODICE_FISCALE", "AAAAAA00A00A000A", r"[A-Z]{6}\d\d[A-EHLMPRST]\d\d[A-Z]\d{3}[A-Z]", check.codice_fiscale),
    )
)  # fmt: skip
"""(kind, shapes of the map of which one stands where it stands, the form itself, its check)."""

PHONES: tuple[tuple[tuple[bytes, ...], tuple[int, ...], re.Pattern[str], Check], ...] = (
    ((b"+0",), (0,), re.compile(r"(?<![\w+.-])\+[1-9]\d{0,2}(?:[ .-]?\(0?\d{0,4}\))?(?:[ .-]?\d){6,13}(?![\w-]|\.\d)"), _any),
    ((b"000-0000", b"000.0000", b"000 0000"), (8, 7, 6, 5, 4), re.compile(r"(?<![\w.+-])(?:1[ .-])?(?:\(\d{3}\) ?|\d{3}([ .-]))\d{3}[ .-]\d{4}(?![\w-]|\.\d)"), _nanp),
    ((b" 00 00 00 00", b".00.00.00.00", b"-00-00-00-00"), (2,), re.compile(r"(?<![\w.+-])0[1-9](?:[ .-]\d\d){4}(?![\w-]|\.\d)"), _any),
    ((b"000 000",), (2, 1, 0), re.compile(r"(?<![\w.+-])0\d{3,4} \d{3} ?\d{3,4}(?![\w-]|\.\d)|(?<![\w.+-])0\d{2} \d{4} \d{4}(?![\w-])"), _any),
)  # fmt: skip


_CARDS = (b"0000000000000", b"0000 0000 0000", b"0000-0000-0000", b"0000 000000 0000", b"0000-000000-0000")
_IBANS = b"AA00"
_ANY = re.compile(
    b"|".join(
        re.escape(shape)
        for shapes in (*(form[1] for form in FORMS), *(form[0] for form in PHONES), _CARDS, (_IBANS,))
        for shape in shapes
    )
)
"""What stands in the map wherever anything is found."""


def personal(text: str, data: bytes, level: int) -> Iterator[Span]:
    """Stretches of personal data.

    Args:
        text: anything.
        data: it, a byte a character.
        level: the privacy level of what it belongs to, 0 to 3.
    """
    if level < SAMPLES:
        yield from (Span(start, end, "EMAIL", PERSONAL) for start, end in addresses(text))
    spots = list(_spots(data.translate(_DIGITS)))
    all_words = "\n".join(text[first:last] for first, last in spots).lower()
    named = any(word in all_words for word in _WORDS)
    for first, last in spots:
        words, map_ = text[first:last], data[first:last].translate(_MAP)
        if named and any(word in words.lower() for word in _WORDS):
            yield from (span.moved(first) for span in _named(words))
        if _ANY.search(map_) is not None:
            yield from (span.moved(first) for span in _numbers(words, map_, level))


def _spots(digits: bytes) -> Iterator[tuple[int, int]]:
    """Where digits stand close together: all that is looked for has four in a row, or groups with one sign between."""
    places: list[int] = []
    for shape in _GROUPS:
        place = digits.find(shape)
        while place >= 0:
            places.append(place)
            place = digits.find(shape, place + len(shape))
    if not places:
        return
    places.sort()
    start = max(0, places[0] - AROUND)
    for place, following in pairwise((*places, places[-1] + 3 * AROUND)):
        if following - place > 2 * AROUND:
            yield start, min(place + AROUND, len(digits))
            start = following - AROUND


def _numbers(text: str, map_: bytes, level: int) -> Iterator[Span]:
    for kind, shapes, pattern, valid in FORMS:
        for start, end in _shaped(text, map_, shapes, pattern, valid):
            yield Span(start, end, kind, PERSONAL)
    yield from _cards(text, map_)
    yield from _ibans(text, map_)
    if level < SAMPLES:
        for shapes, backs, pattern, valid in PHONES:
            for start, end in _shaped(text, map_, shapes, pattern, valid, backs):
                yield Span(start, end, "PHONE", PERSONAL)


def _shaped(
    text: str,
    map_: bytes,
    shapes: tuple[bytes, ...],
    pattern: re.Pattern[str],
    valid: Check,
    backs: tuple[int, ...] = (0,),
) -> Iterator[tuple[int, int]]:
    """Where a form stands; its shape begins so many characters behind its first, one of them."""
    for shape in shapes:
        place = map_.find(shape)
        while place >= 0:
            after = place + 1
            for back in backs:
                found = pattern.match(text, place - back) if place >= back else None
                if found is not None and valid(found[0]):
                    yield found.span()
                    after = found.end()
                    break
            place = map_.find(shape, after)


_CARD = re.compile(
    r"(?<![\w.+-])(?:\d{13,19}|\d{4}([ -])\d{4}\1\d{4}\1\d{1,7}|\d{4}([ -])\d{6}\2\d{4,5})(?![\w-]|\.\d)"
)
_LONG = re.compile(r"\d{13,19}")


def _cards(text: str, map_: bytes) -> Iterator[Span]:
    done = 0
    for shape in _CARDS:
        place = map_.find(shape)
        while place >= 0:
            done = place + len(shape)
            while done < len(map_) and map_[done] == 0x30:
                done += 1
            match = _CARD.match(text, place)
            if match is not None and check.card(re.sub(r"\D", "", match[0])) and not _in_series(text, match):
                yield Span(match.start(), match.end(), "CARD", PERSONAL)
            place = map_.find(shape, done)


def _in_series(text: str, match: re.Match[str]) -> bool:
    """Whether a number without separators stands among others of its length that are no cards: a column of ids."""
    if not match[0].isdigit():
        return False
    around = text[max(0, match.start() - 64) : match.start()] + " " + text[match.end() : match.end() + 64]
    others = [number for number in _LONG.findall(around) if abs(len(number) - len(match[0])) <= 1]
    return any(not check.card(number) for number in others)


_IBAN = re.compile(r"(?<![A-Za-z0-9])([A-Z]{2})\d{2}[ ]?(?:[A-Z0-9]{4}[ ]?){2,7}[A-Z0-9]{0,4}")


def _ibans(text: str, map_: bytes) -> Iterator[Span]:
    place = map_.find(b"AA00")
    while place >= 0:
        match = _IBAN.match(text, place)
        size = check.iban_size(text[place : place + 2])
        if match is not None and size:
            number = match[0].replace(" ", "")[:size]
            if check.iban(number):
                end = place
                while size:
                    size -= text[end] != " "
                    end += 1
                if not text[end : end + 1].isalnum():
                    yield Span(place, end, "IBAN", PERSONAL)
        place = map_.find(b"AA00", place + 2)


_BESIDE = re.compile(
    r"""(?ix)
    (?<![a-z0-9]) (?: (?P<SSN> ssn | social[ _-]?security(?:[ _-]?(?:number|no|nr))? )
    | (?P<STEUER_ID> steuer[ -]?(?:id(?:entifikations)?(?:nummer|nr)?) | idnr )
    | (?P<BSN> bsn | burgerservicenummer ) | (?P<PERSONNUMMER> person(?:al)?nummer | personnr ) | (?P<PESEL> pesel )
    | (?P<AADHAAR> aadhaa?r ) | (?P<CPF> cpf ) | (?P<NHS> nhs ) | (?P<NIR> nir | n[°o]?[ ]?s[ée]cu\w* )
    | (?P<PASSPORT> passport(?:[ _-]?(?:number|no))? ) )
    (?:[ _-]?(?:number|no\.?|nr\.?|\#))? ["'\])]{0,2} \s{0,4} [:=]? \s{0,4} ["']? (?P<number> [A-Z]{0,2}\d[\d ./-]{4,20}\d )(?![\w-])
    """
)
_WORDS = tuple(
    "ssn|social sec|social-sec|social_sec|steuer|idnr|bsn|burgerserv|personnr|nummer|pesel|aadha|cpf|nhs|passport|sécu|nir:|nir ".split(
        "|"
    )
)
_CHECKS: dict[str, Callable[[str], bool]] = {
    "SSN": lambda number: len(number) == 9 and check.ssn(number[:3], number[3:5], number[5:]),
    "STEUER_ID": lambda number: len(number) == 11 and check.steuer_id(number),
    "BSN": lambda number: len(number) == 9 and check.bsn(number),
    "PERSONNUMMER": lambda number: len(number) in (10, 12) and check.luhn(number[-10:]),
    "PESEL": lambda number: len(number) == 11 and check.pesel(number),
    "AADHAAR": lambda number: len(number) == 12 and check.verhoeff(number),
    "CPF": lambda number: len(number) == 11 and check.cpf(number),
    "NHS": lambda number: len(number) == 10 and check.nhs(number),
    "NIR": lambda number: len(number) == 15 and check.nir(number),
    "PASSPORT": lambda number: 7 <= len(number) <= 11,
}


def _named(text: str) -> Iterator[Span]:
    """Numbers that only the name beside them tells."""
    for match in _BESIDE.finditer(text):
        kind = next(key for key in _CHECKS if match[key])
        if _CHECKS[kind](re.sub(r"[^0-9A-Za-z]", "", match["number"]).upper()):
            yield Span(match.start("number"), match.end("number"), kind, PERSONAL)
