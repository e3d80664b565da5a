"""How telling a name is: whether what stands beside it is likely a secret.

Enters: a name of a variable, key, column, header or flag. Leaves: its `Hint`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

NONE, WEAK, FAIR, STRONG = range(4)
"""Of what stands beside it, nothing is taken for a secret; what looks random; what has digits; all but stand-ins."""

STEMS = tuple(b"pass pwd secret token key auth cred bearer cookie sess sig pin _pat".split())
"""What at least one of stands in every telling name, in lower case."""


class Hint(NamedTuple):
    """What a name says: the kind of the secret, and how sure that is."""

    kind: str
    strength: int


_NOTHING = Hint("", NONE)

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")

_PASSWORDS = frozenset(
    "password passwords passwd pwd passphrase passcode pword psw pswd passwort kennwort contrasena senha parola "
    "mdp userpassword dbpassword mypassword pgpassword sshpass mysqlpwd requirepass masterauth userpass dbpass rootpass "
    "mypwd keypass storepass keystorepassword truststorepassword motdepasse adminpass loginpass wifipass".split()
)
_BEFORE_PASS = frozenset(
    "db user my root admin mysql pg postgres smtp mail email ftp sftp ssh login wifi sudo redis mongo ldap vpn proxy http "
    "rabbitmq rabbit amqp imap jenkins docker registry nexus artifactory sql database basic auth".split()
)
_SECRETS = frozenset(
    "secret secrets apisecret clientsecret appsecret credential credentials creds apikey apikeys apitoken authtoken "
    "accesstoken refreshtoken accesskey secretkey privatekey secretaccesskey authkey consumersecret bearertoken "
    "sessiontoken securitytoken licensekey encryptionkey mnemonic signingkey sharedkey masterkey jwtsecret xoxb authpass "
    "connectionstring connstr accountkey sharedaccesskey sharedaccesssignature saskey webhooksecret idtoken "
    "personalaccesstoken deploykey servicekey appkey clientkey secretid bottoken".split()
)
_PINS = frozenset("pin pins cvv cvc cvv2 otp ssn passport".split())
_FAIR = frozenset(
    "token tokens auth authorization bearer jwt pat sas dsn cookie cookies session sessionid sessid sid seed".split()
)
_RANDOM = frozenset(
    "sig signature hmac salt key keys signing nonce webhook hash csrf xsrf csrftoken phpsessid jsessionid".split()
)
_BEFORE_KEY = frozenset(
    "api access private secret signing encryption encrypt decryption auth client account service ssh storage master shared "
    "license licence admin app application consumer subscription deploy deployment webhook function host ingest ingestion "
    "integration project server rest write read live prod production session cipher aes rsa hmac jwt gpg pgp pem tls ssl "
    "bot user personal maps map_api instrumentation sas sdk write_api secure security wallet recovery".split()
)
_BEFORE_TOKEN = frozenset(
    "api access auth refresh bearer session id csrf xsrf bot oauth oauth2 personal deploy user app security reset invite "
    "registration device push service account web gh git github gitlab slack npm pypi hf login sso jwt ci ".split()
)
_PLAIN_TOKENS = frozenset(
    "pad eos bos unk sep cls mask special start end stop next first last new max min num n per total count prompt completion "
    "input output cached image audio text vocab sub word lookup current prev previous this each every same other by of "
    "in out left right open close good bad with without predicted target generated".split()
)
_PLAIN_KEYS = frozenset(
    "and or with your our its his use using one two a an if but not then when as from same correct wrong valid right different primary foreign sort group partition cache dict index row object join lookup natural composite unique redis s3 map "
    "translation i18n idempotency dedup routing shard cluster public hash order by the any this each search node parent "
    "child data json config column field item list file record event message param header metadata attr attribute "
    "query value values no missing duplicate get set has on for in of is sorted arrow enter tab return escape shift ctrl "
    "alt meta hot short down up press pressed left right home end space piano major minor turn low musical label state "
    "props react style color theme image asset prim foreign legend plot axis x y z entity model table tree root leaf "
    "first last next prev new old same other max min registry option settings setting route tuple batch bucket cell "
    "task job step rng prng random jax subkey random_ split graph feature weight layer param_ tensor state_dict".split()
)
_TAILS = frozenset(
    "type types count counts url uri urls endpoint name names length len size path paths file files filename dir folder "
    "policy policies field fields label labels prefix suffix limit limits rounds expiry expires expiration exp ttl format "
    "hint hints regex pattern min max mode scope scopes audience class classes provider providers env var header headers "
    "index idx usage used required enabled disabled strength valid validator validators validate column columns timeout "
    "version algorithm algo at id ids iter iterations reset resets change changed changes changer confirm confirmation "
    "requirements error errors message messages text placeholder input form view page link button title description "
    "manager managers store stores storage service services client factory generator gen parser splitter map mapping ring "
    "rotation rotate age hasher hashers hashed hash hashing encoder checker check checks match matches mismatch prompt "
    "function func fn cls handler callback listener event events state status flag needed exists missing arn ref refs "
    "selector template schema model models test tests data dict list set array count total per rate cost price budget "
    "embedding embeddings ids mask positions logits probs weights stream lookup space pair pairs bytes bits getter setter "
    "generation created updated modified date time timestamp months days hours seconds owner user users username email "
    "verification verifier verify recovery forgot forgotten protected protection less free based only up down press board "
    "word words error_ code codes kind kinds key_ visible visibility show hide toggle icon autocomplete config settings "
    "options option section context issuer authority domain host hostname port region realm bucket base dialog modal".split()
)


@lru_cache(maxsize=8192)
def hint(name: str) -> Hint:
    """What a name says of what stands beside it.

    Args:
        name: letters, digits, `_`, `-` and dots, in any style: `api_key`, `hfToken`, `X-Api-Key`, `DB_PASSWORD`.
    """
    words = [word.lower() for word in _WORDS.findall(name[-120:])]
    while words and words[-1].isdigit():
        words.pop()
    if not words:
        return _NOTHING
    last, before = words[-1], words[-2] if len(words) > 1 else ""
    joined = before + last
    if last in _PASSWORDS or joined in _PASSWORDS or (last == "pass" and (before in _BEFORE_PASS or name.isupper())):
        return Hint("PASSWORD", STRONG)
    if last in _PINS:
        return Hint(last.upper(), STRONG) if last != "pin" or before not in _TAILS else _NOTHING
    if last in _SECRETS or joined in _SECRETS:
        return Hint("SECRET" if "secret" in last or "cred" in last else "KEY", STRONG)
    if last in ("key", "keys"):
        return _key(words, before)
    if last in ("token", "tokens"):
        return _token(before, last)
    if last in _FAIR:
        return Hint("TOKEN" if last != "dsn" else "DSN", FAIR)
    if last in _RANDOM:
        return Hint("SIGNATURE" if last in ("sig", "signature", "hmac") else "SECRET", WEAK)
    for stem in ("password", "passwd", "secret", "apikey", "token"):
        if last.endswith(stem) and len(last) > len(stem) + 2:
            return Hint("PASSWORD" if stem.startswith("pass") else "TOKEN", FAIR)
    if words[-3:] == ["private", "key", "id"]:
        return Hint("KEY", STRONG)
    if last == "number" and before == "security":
        return Hint("SSN", STRONG)
    return _nearly(words)


def _key(words: list[str], before: str) -> Hint:
    if before in _BEFORE_KEY:
        return Hint("KEY", STRONG)
    if not before or before in _PLAIN_KEYS or not _SECRETS.isdisjoint(words):
        return Hint("KEY", WEAK)
    return Hint("KEY", FAIR)  # a vendor's: `DATADOG_KEY`


def _token(before: str, last: str) -> Hint:
    if before in _PLAIN_TOKENS or (last == "tokens" and before not in _BEFORE_TOKEN):
        return _NOTHING
    return Hint("TOKEN", STRONG if before in _BEFORE_TOKEN else FAIR)


def _nearly(words: list[str]) -> Hint:
    """A name that holds a telling word, but goes on: `secret_value` is as good as `secret`, `password_url` is not."""
    if words[-1] in ("value", "val", "plain", "plaintext", "raw", "str", "string", "b64", "base64", "hex", "encoded"):
        found = hint("_".join(words[:-1]))
        return Hint(found.kind, min(found.strength, FAIR))
    if words[-1] not in _TAILS and not {"password", "passwd", "secret", "apikey"}.isdisjoint(words):
        return Hint("SECRET", FAIR)  # PASSWORD_DEV, secret_eu
    if words[-1] == "id" and words[-2:-1] == ["secret"]:
        return Hint("SECRET", WEAK)
    return _NOTHING
