"""Check digits of cards, accounts and people's numbers.

Enters: digits (and letters). Leaves: whether they can be real. Each function names the standard it follows.
"""

from __future__ import annotations

import re


def luhn(digits: str) -> bool:
    """ISO/IEC 7812-1, annex B."""
    total = 0
    for at, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + at % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


_CARD = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})|(?:5[1-5]\d{2}|222[1-9]|22[3-9]\d|2[3-6]\d{2}|27[01]\d|2720)\d{12}|3[47]\d{13}"
    r"|3(?:0[0-5]|[689]\d)\d{11}|6(?:011|5\d{2}|4[4-9]\d)\d{12}(?:\d{3})?|35(?:2[89]|[3-8]\d)\d{12}|62\d{14,17}"
)
"""Issuers' ranges: Visa, Mastercard, American Express, Diners, Discover, JCB, UnionPay."""


def card(digits: str) -> bool:
    """An issuer's range and length, with a check digit, and not one digit alone."""
    return _CARD.fullmatch(digits) is not None and luhn(digits) and len(set(digits)) > 1


_IBAN_SIZES = {
    country: int(size)
    for country, size in (
        pair.split(":")
        for pair in (
            "AD:24 AE:23 AL:28 AT:20 AZ:28 BA:20 BE:16 BG:22 BH:22 BR:29 BY:28 CH:21 CR:22 CY:28 CZ:24 DE:22 DK:18 DO:28 "
            "EE:20 EG:29 ES:24 FI:18 FO:18 FR:27 GB:22 GE:22 GI:23 GL:18 GR:27 GT:28 HR:21 HU:28 IE:22 IL:23 IQ:23 IS:26 "
            "IT:27 JO:30 KW:30 KZ:20 LB:28 LC:32 LI:21 LT:20 LU:20 LV:21 LY:25 MC:27 MD:24 ME:22 MK:19 MR:27 MT:31 MU:30 "
            "NL:18 NO:15 PK:24 PL:28 PS:29 PT:25 QA:29 RO:24 RS:22 SA:24 SC:31 SE:24 SI:19 SK:24 SM:27 ST:25 SV:28 TL:23 "
            "TN:24 TR:26 UA:29 VA:22 VG:24 XK:20"
        ).split()
    )
}


def iban_size(country: str) -> int:
    """Characters of a country's IBAN; 0 if it has none."""
    return _IBAN_SIZES.get(country, 0)


def iban(number: str) -> bool:
    """ISO 13616: the country's length, and 1 modulo 97 with the first four characters last."""
    if _IBAN_SIZES.get(number[:2]) != len(number):
        return False
    return int("".join(str(int(sign, 36)) for sign in number[4:] + number[:4])) % 97 == 1


_D = "0123456789 1234067895 2340178956 3401289567 4012395678 5987604321 6598710432 7659821043 8765932104 9876543210".split()
_P = "0123456789 1576283094 5803796142 8916043527 9453126870 4286573901 2793806415 7046913258".split()


def verhoeff(digits: str) -> bool:
    """Verhoeff's dihedral check, as Aadhaar uses it."""
    check = 0
    for at, digit in enumerate(reversed(digits)):
        check = int(_D[check][int(_P[at % 8][int(digit)])])
    return check == 0


def ssn(area: str, group: str, serial: str) -> bool:
    """US social security number: areas, groups and serials that are given out."""
    return area not in ("000", "666") and area < "900" and group != "00" and serial != "0000"


def cpf(digits: str) -> bool:
    """Brazilian CPF: two check digits modulo 11."""
    if len(set(digits)) == 1:
        return False
    for size in (9, 10):
        total = sum(int(digit) * weight for digit, weight in zip(digits, range(size + 1, 1, -1), strict=False))
        if int(digits[size]) != total * 10 % 11 % 10:
            return False
    return True


def cnpj(digits: str) -> bool:
    """Brazilian CNPJ: two check digits modulo 11."""
    weights = [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]
    for size in (12, 13):
        rest = sum(int(digit) * weight for digit, weight in zip(digits, weights[13 - size :], strict=False)) % 11
        if int(digits[size]) != (0 if rest < 2 else 11 - rest):
            return False
    return True


def dni(number: str) -> bool:
    """Spanish DNI and NIE: the letter is the number modulo 23."""
    digits = number[:-1].translate(str.maketrans("XYZ", "012"))
    return "TRWAGMYFPDXBNJZSQVHLCKE"[int(digits) % 23] == number[-1]


def nir(digits: str) -> bool:
    """French NIR: 97 less the number modulo 97, Corsica's letters as 19 and 18."""
    body = digits[:13].replace("2A", "19").replace("2B", "18")
    return body.isdigit() and 97 - int(body) % 97 == int(digits[13:])


_ODD = dict(
    zip(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        [
            1,
            0,
            5,
            7,
            9,
            13,
            15,
            17,
            19,
            21,
            1,
            0,
            5,
            7,
            9,
            13,
            15,
            17,
            19,
            21,
            2,
            4,
            18,
            20,
            11,
            3,
            6,
            8,
            12,
            14,
            16,
            10,
            22,
            25,
            24,
            23,
        ],
        strict=True,
    )
)


def codice_fiscale(code: str) -> bool:
    """Italian codice fiscale: the last letter sums the odd and the even places."""
    total = sum(_ODD[sign] for sign in code[0:15:2]) + sum(
        int(sign, 36) - (10 if sign > "9" else 0) for sign in code[1:15:2]
    )
    return chr(65 + total % 26) == code[15]


def bsn(digits: str) -> bool:
    """Dutch BSN: the weighed sum is a multiple of 11."""
    total = sum(int(digit) * weight for digit, weight in zip(digits, (9, 8, 7, 6, 5, 4, 3, 2, -1), strict=True))
    return total % 11 == 0 and int(digits) > 0


def steuer_id(digits: str) -> bool:
    """German tax number: ISO 7064, modulo 11, 10; one digit of the first ten stands twice or three times."""
    if digits[0] == "0" or max(digits[:10].count(digit) for digit in digits[:10]) not in (2, 3):
        return False
    product = 10
    for digit in digits[:10]:
        product = ((int(digit) + product) % 10 or 10) * 2 % 11
    return (11 - product) % 10 == int(digits[10])


def pesel(digits: str) -> bool:
    """Polish PESEL: weights 1, 3, 7, 9."""
    return (
        sum(int(digit) * weight for digit, weight in zip(digits, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1), strict=True)) % 10
        == 0
    )


def nhs(digits: str) -> bool:
    """NHS number: modulo 11."""
    check = 11 - sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False)) % 11
    return check % 11 == int(digits[9]) and check != 10
