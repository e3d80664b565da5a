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
from .spans import PERSONAL, Span

SAMPLES = 3
"""The privacy level at which addresses and telephones may leave."""

_MAP = bytes(0x30 if 48 <= code <= 57 else 0x41 if 65 <= code <= 90 else code for code in range(256))

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

PHONES: tuple[tuple[tuple[bytes, ...], re.Pattern[str], Check], ...] = (
    ((b"+0",), re.compile(r"(?<![\w+.-])\+[1-9]\d{0,2}(?:[ .-]?\(0?\d{0,4}\))?(?:[ .-]?\d){6,13}(?![\w-]|\.\d)"), _any),
    ((b"000-0000", b"000.0000", b"000 0000"), re.compile(r"(?<![\w.+-])(?:1[ .-])?(?:\(\d{3}\) ?|\d{3}([ .-]))\d{3}[ .-]\d{4}(?![\w-]|\.\d)"), _nanp),
    ((b" 00 00 00 00", b".00.00.00.00", b"-00-00-00-00"), re.compile(r"(?<![\w.+-])0[1-9](?:[ .-]\d\d){4}(?![\w-]|\.\d)"), _any),
    ((b"000 000",), re.compile(r"(?<![\w.+-])0\d{3,4} \d{3} ?\d{3,4}(?![\w-]|\.\d)|(?<![\w.+-])0\d{2} \d{4} \d{4}(?![\w-])"), _any),
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
        yield from _emails(text)
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
    """Where digits stand close together: all that is looked for has three in a row, or pairs with one sign between."""
    places: list[int] = []
    for shape in (b"000", b"00 00 00"):
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
        for shapes, pattern, valid in PHONES:
            for start, end in _shaped(text, map_, shapes, pattern, valid):
                yield Span(start, end, "PHONE", PERSONAL)


def _shaped(
    text: str, map_: bytes, shapes: tuple[bytes, ...], pattern: re.Pattern[str], valid: Check
) -> Iterator[tuple[int, int]]:
    for shape in shapes:
        place = map_.find(shape)
        while place >= 0:
            after = place + 1
            for match in pattern.finditer(text, max(0, place - 16), min(len(text), place + len(shape) + 24)):
                if match.start() > place:
                    break
                if match.end() > place and valid(match[0]):
                    yield match.span()
                    after = max(after, match.end())
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


_LOCAL = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._%+-"
_DOMAIN = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,6}([A-Za-z]{2,18})(?![\w-]|\.\w|[(\[])")
_TOP = frozenset(
    "com org net edu gov mil int info biz name pro io ai app dev cloud online site tech store shop xyz email mail agency blog "
    "club design digital global group health help hotel inc law legal life live llc ltd media network news one page partners "
    "photo plus press school science services social solutions space studio support systems team technology tools tours "
    "university ventures video web website wiki work works world zone bank asia africa museum berlin london nyc paris wien "
    "amsterdam swiss consulting academy company center education engineering finance institute international market foundation".split()
)
_NO_COUNTRY = frozenset("py js ts md sh rb rs go cc so pl pm cs vb kt hs ml el ps".split())
_NOBODY = re.compile(
    r"(?i)(?:no-?reply|do-?not-?reply|git|hg|svn|user(?:name)?|you|your\S*|me|name|email|someone|somebody|foo|bar|test|example|"
    r"postmaster|mailer-daemon|bounce\S*|xxx+|\d+\+\S+)"
)
_NOWHERE = re.compile(
    r"(?i)(?:.*\.)?(?:example\.\w+|test\.\w+|localhost|invalid|(?:users\.)?noreply\.\S+|domain\.\w+|yourdomain\.\w+|email\.com|host\.\w+)"
)


def _emails(text: str) -> Iterator[Span]:
    place = text.find("@")
    while place >= 0:
        head = text[max(0, place - 64) : place]
        local = head[len(head.rstrip(_LOCAL)) :].lstrip(".-")
        domain = _DOMAIN.match(text, place + 1)
        if local and domain is not None and _is_email(local, domain[0], domain[1].lower()):
            yield Span(place - len(local), domain.end(), "EMAIL", PERSONAL)
        place = text.find("@", place + 1)


def _is_email(local: str, domain: str, top: str) -> bool:
    if top not in _TOP and (len(top) != 2 or top in _NO_COUNTRY):
        return False
    return _NOBODY.fullmatch(local) is None and _NOWHERE.fullmatch(domain) is None
