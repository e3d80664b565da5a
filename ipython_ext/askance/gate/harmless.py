"""Values that are no secret, whatever the name beside them: stand-ins, code that fetches one, words.

Enters: a value. Leaves: yes or no.
"""

from __future__ import annotations

import re

_STAND_IN = re.compile(
    r"""(?ix)
    (?: your | my | the | some | an? | enter | insert | add | replace | put | set | fill | paste | type | new | old )
        [-_ ]? (?: own | actual | real | secret | super | api | auth | access | bot | personal | private | account | db
               | database | client | user | test | app | admin | root | new | current | here | goes | in | [-_ ] )*
        (?: pass(?:word|wd|phrase|code)? | pwd | secret | token | key | credentials? | value | here | id | name )? s?
        (?: [-_ ]? (?: here | goes | value | [-_ ] | \d{1,2} ) )*
    | (?: .{0,12}[-_ ])? your [-_ ] .*
    | change[-_ ]?(?:me|it|this).{0,12} | replace[-_ ]?(?:me|this).{0,12} | todo | fixme | tbd | n/?a | dummy | placeholder
    | example | sample | foo(?:bar)? | bar | baz | test(?:ing)? | fake | mock | demo | default | hidden | redacted | removed
    | masked | secret | none | null | nil | undefined | true | false | yes | no | on | off | empty | unset | not[-_ ]?set
    | required | optional | string | str | text | bytes? | int(?:eger)? | number | float | bool(?:ean)? | object | any
    | auto | basic | bearer | digest | root | admin | user(?:name)? | guest | postgres | localhost | production
    | development | staging | inherit | disabled | enabled | missing | invalid | valid | expired | unknown | self | env
    | x{3,} [-_x0-9]* | [*•.#?_-]{3,} | 0+ | (?:1234567890?)+ | abc(?:def)?(?:123)? | (.)\1{3,}
    | (?:u?int|float|complex)\d{1,3} | datetime64.* | category | nan | nat | inf
    """
)
_REFERENCE = re.compile(
    r"""(?ix)
    [<{[] | \$ | % [({a-z_] | @ \w+ @ | [#] [{] | \\ [(] | \* | [&] \w
    | (?: os | sys | process | system | env | environ | import\.meta ) \s? [.\[]
    | (?: env | vault | ssm | arn | op | secret | secrets | ref | awssm | gcpsm | akv | file | keyring | doppler | k8s | sops
        | aws | azurekv | bws | keychain | pass | infisical ) [:+] /{0,2} [\w{]
    | ENC \[ | AQICAH | !vault | !Ref | !Sub | !secret | \. {1,2} / | ~/ | / (?: run|etc|home|var|usr|tmp|mnt|opt|app|secrets|v\d ) / | [A-Z]:\\
    | -----BEGIN
    """
)
_STEMS = re.compile(
    r"(?i)pass|pwd|secret|token|key|auth|cred|login|pin|cookie|session|sig|hash|user|field|input|label|form"
)
_IDENTIFIER = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")
_WORDS = re.compile(r"[A-Za-z]+(?:[-_./:][A-Za-z]+)*[0-9]?")
_PATHLIKE = re.compile(r"[A-Za-z_$][\w$]*(?:(?:\.|->|::|\?\.)[A-Za-z_$][\w$]*)+")
_PROSE = re.compile(
    r"(?i)(?:^|\s)(?:the|is|are|a|an|for|your|to|of|or|and|not|must|with|in|be|please|enter|has|have|was|were|this|that|on|at"
    r"|it|as|by|from|if|you|we|no|only|can|will|should|when|been|forgot|reset|wrong|too|least)(?=[\s.,!?:]|$)"
)
_ESCAPES = re.compile(r"\\[nrt]|%[sdr]|\{\w*\}")


def stand_in(value: str) -> bool:
    """Whether a value only holds a secret's place: `YOUR_API_KEY`, `<token>`, `****`, `${TOKEN}`, `None`."""
    return not value or _STAND_IN.fullmatch(value) is not None or _REFERENCE.match(value) is not None


def prose(value: str) -> bool:
    """Whether it is a sentence or a label: words with spaces between, as people write and passphrases are not."""
    words = value.split()
    if len(words) < 2:
        return False
    if _PROSE.search(value) or (value[:1].isupper() and not any(map(str.isdigit, value))):
        return True
    return (len(words) < 4 and all(map(str.isalpha, words))) or _ESCAPES.search(value) is not None


def named_after(value: str) -> bool:
    """Whether it is the name of a secret rather than one: `password_field`, `api-key`, `token2`."""
    return _WORDS.fullmatch(value) is not None and _STEMS.search(value) is not None


def code(value: str, after: str) -> bool:
    """Whether an unquoted value is an expression: a name, an attribute, a call.

    Args:
        value: up to the first character that ends it.
        after: the character behind it.
    """
    if after and after in "([{":
        return _IDENTIFIER.match(value) is not None
    if _PATHLIKE.fullmatch(value):
        return max(map(len, re.split(r"\W+", value))) < 24
    return _IDENTIFIER.fullmatch(value) is not None and (
        value.isalpha() or bool(_STEMS.search(value)) or value[0] == "_"
    )
