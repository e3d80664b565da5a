"""Fake secrets, made from a seed when a test runs: none stands in the repository.

Enters: a seed. Leaves: `fakes(seed)`, (kind, secret) pairs that have the form of the real ones and open nothing.
A shape is literal text with `{set count}` where random characters stand.
"""

from __future__ import annotations

import base64
import json
import random
import re
import string

_SETS = {
    "a": string.ascii_letters + string.digits,
    "w": string.ascii_letters + string.digits + "_-",
    "l": string.ascii_lowercase + string.digits,
    "u": string.ascii_uppercase + string.digits,
    "h": "0123456789abcdef",
    "H": "0123456789ABCDEF",
    "d": string.digits,
    "A": string.ascii_letters,
    "U": string.ascii_uppercase,
    "2": string.ascii_uppercase + "234567",
    "b": string.ascii_letters + string.digits + "+/",
}

STUDIED = (
    "openai openai_project anthropic aws_key_id aws_secret github github_fine gitlab slack stripe google_api "
    "gcp_service_account huggingface databricks npm pypi sendgrid twilio azure_storage database_url jwt pem telegram "
    "discord mailgun digitalocean shopify"
).split()
"""The kinds of the study that the gate was designed by."""

SHAPES: dict[str, str] = {
    "openai": "sk-{a 20}T3BlbkFJ{a 20}",
    "openai_project": "sk-proj-{w 74}T3BlbkFJ{w 74}",
    "openai_service": "sk-svcacct-{w 74}T3BlbkFJ{w 74}",
    "anthropic": "sk-ant-api03-{w 93}AA",
    "aws_key_id": "AKIA{2 16}",
    "github": "ghp_{a 36}",
    "github_app": "ghs_{a 36}",
    "github_fine": "github_pat_{a 22}_{a 59}",
    "gitlab": "glpat-{w 20}",
    "gitlab_runner": "glrt-{w 20}",
    "slack": "xoxb-{d 12}-{d 13}-{a 24}",
    "slack_user": "xoxp-{d 12}-{d 12}-{d 12}-{h 32}",
    "slack_app": "xapp-1-A{u 10}-{d 13}-{h 64}",
    "slack_webhook": "https://hooks.slack.com/services/T{u 10}/B{u 10}/{a 24}",
    "stripe": "sk_live_{a 24}",
    "stripe_restricted": "rk_live_{a 24}",
    "stripe_webhook": "whsec_{a 32}",
    "google_api": "AIza{w 35}",
    "google_oauth_secret": "GOCSPX-{w 28}",
    "google_oauth_token": "ya29.a0{w 120}",
    "huggingface": "hf_{A 34}",
    "databricks": "dapi{h 32}",
    "npm": "npm_{a 36}",
    "pypi": "pypi-AgEIcHlwaS5vcmc{w 120}",
    "sendgrid": "SG.{w 22}.{w 43}",
    "twilio": "SK{h 32}",
    "azure_storage": "{b 86}==",
    "azure_client_secret": "{a 3}8Q~{w 34}",
    "telegram": "{d 10}:AA{w 33}",
    "discord": "M{A 23}.{w 6}.{w 38}",
    "discord_webhook": "https://discord.com/api/webhooks/{d 18}/{w 68}",
    "mailgun": "key-{h 32}",
    "mailchimp": "{h 32}-us{d 1}",
    "digitalocean": "dop_v1_{h 64}",
    "shopify": "shpat_{h 32}",
    "square": "sq0atp-{w 22}",
    "doppler": "dp.pt.{a 43}",
    "linear": "lin_api_{a 40}",
    "notion": "ntn_{d 11}{a 35}",
    "postman": "PMAK-{h 24}-{h 34}",
    "newrelic": "NRAK-{u 27}",
    "grafana": "glsa_{a 32}_{h 8}",
    "dynatrace": "dt0c01.{u 24}.{u 64}",
    "terraform": "{a 14}.atlasv1.{w 67}",
    "vault": "hvs.{w 96}",
    "pulumi": "pul-{h 40}",
    "docker": "dckr_pat_{w 27}",
    "rubygems": "rubygems_{h 48}",
    "crates": "cio{a 32}",
    "nuget": "oy2{l 43}",
    "groq": "gsk_{a 52}",
    "xai": "xai-{a 80}",
    "openrouter": "sk-or-v1-{h 64}",
    "perplexity": "pplx-{a 48}",
    "replicate": "r8_{a 37}",
    "nvidia": "nvapi-{w 64}",
    "langsmith": "lsv2_pt_{h 32}_{h 10}",
    "pinecone": "pcsk_{a 6}_{a 63}",
    "sentry": "sntryu_{h 64}",
    "supabase": "sbp_{h 40}",
    "planetscale": "pscale_tkn_{w 43}",
    "airtable": "pat{a 14}.{h 64}",
    "figma": "figd_{w 40}",
    "atlassian": "ATATT3xFfGF0{w 176}={H 8}",
    "circleci": "CCIPAT_{a 22}_{h 40}",
    "hubspot": "pat-na1-{h 8}-{h 4}-{h 4}-{h 4}-{h 12}",
    "age": "AGE-SECRET-KEY-1{u 58}",
    "alibaba": "LTAI{a 20}",
    "heroku": "HRKU-AA{w 58}",
    "brevo": "xkeysib-{h 64}-{a 16}",
    "posthog": "phx_{a 43}",
    "tailscale": "tskey-api-{a 16}CNTRL-{a 32}",
    "flyio": "FlyV1 fm2_{b 240}",
    "easypost": "EZAK{a 54}",
    "typeform": "tfp_{a 44}_{a 14}",
    "artifactory": "AKCp{a 69}",
    "onepassword": "A3-{u 6}-{u 6}-{u 5}-{u 5}-{u 5}-{u 5}",
}


def fakes(seed: int) -> list[tuple[str, str]]:
    """(kind, secret), one of each kind; another seed gives other secrets of the same kinds.

    Args:
        seed: of the random characters.
    """
    rng = random.Random(seed)
    made = [(kind, filled(shape, rng)) for kind, shape in SHAPES.items()]
    return made + [(kind, make(rng)) for kind, make in _MADE.items()]


def fake(kind: str, seed: int) -> str:
    """The secret of one kind."""
    return dict(fakes(seed))[kind]


def filled(shape: str, rng: random.Random) -> str:
    """A shape with random characters in its gaps."""
    return re.sub(r"\{(\S) (\d+)\}", lambda gap: _chars(rng, gap[1], int(gap[2])), shape)


def password(rng: random.Random) -> str:
    """A password in no known form: words, digits and a sign."""
    consonants, vowels = "bdfgklmnprstvz", "aeiou"
    word = "".join(rng.choice(consonants) + rng.choice(vowels) for _ in range(4))
    return word.capitalize() + rng.choice("!#%*?-_") + "".join(rng.choices(string.digits, k=3)) + rng.choice("xyzq")


def _chars(rng: random.Random, name: str, count: int) -> str:
    """Random ones of a set; those that have upper case, lower case and digits show some of each, as real ones do."""
    letters = _SETS[name]
    while True:
        made = "".join(rng.choices(letters, k=count))
        if made[-1] in "_-" or made[0] in "_-+/":
            continue
        if count < 16 or all(not (have := set(part) & set(letters)) or have & set(made) for part in _PARTS):
            return made


_PARTS = (string.ascii_lowercase, string.ascii_uppercase, string.digits)


def _aws_secret(rng: random.Random) -> str:
    return _chars(rng, "b", 40)


def _jwt(rng: random.Random) -> str:
    head = {"alg": "HS256", "typ": "JWT"}
    body = {
        "sub": _chars(rng, "d", 10),
        "name": _chars(rng, "A", 8),
        "iat": rng.randrange(1_600_000_000, 1_700_000_000),
    }
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in (head, body)]
    return ".".join([*parts, _chars(rng, "w", 43)])


def _pem(rng: random.Random) -> str:
    lines = "\n".join(_chars(rng, "b", 64) for _ in range(12))
    return f"-----BEGIN RSA PRIVATE KEY-----\n{lines}\n{_chars(rng, 'b', 30)}==\n-----END RSA PRIVATE KEY-----"


def _service_account(rng: random.Random) -> str:
    key = _pem(rng).replace("RSA ", "") + "\n"
    account = {
        "type": "service_account",
        "project_id": "demo-1",
        "private_key_id": _chars(rng, "h", 40),
        "private_key": key,
    }
    return json.dumps(account)


def _database_url(rng: random.Random) -> str:
    return f"postgresql://app:{_chars(rng, 'a', 16)}@db-{rng.randrange(9)}.internal:5432/main"


def _connection_string(rng: random.Random) -> str:
    key = _chars(rng, "b", 86) + "=="
    return f"DefaultEndpointsProtocol=https;AccountName=store{rng.randrange(99)};AccountKey={key};EndpointSuffix=core.windows.net"


_MADE = {
    "aws_secret": _aws_secret,
    "jwt": _jwt,
    "pem": _pem,
    "gcp_service_account": _service_account,
    "database_url": _database_url,
    "azure_connection_string": _connection_string,
}


def distinctive(kind: str, secret: str) -> list[str]:
    """The parts of a secret of which no six characters in a row may leave: what is random in it.

    Args:
        kind: of `fakes`.
        secret: of that kind.
    """
    if kind in ("pem", "gcp_service_account"):
        return re.findall(r"[A-Za-z0-9+/]{30,}", secret.replace("\\n", "\n"))
    if kind == "database_url":
        return re.findall(r":([^:@/]+)@", secret)
    if kind == "azure_connection_string":
        return re.findall(r"AccountKey=([^;]+)", secret)
    if kind == "jwt":
        return [part[-20:] for part in secret.split(".")[1:]]
    if kind not in SHAPES:
        return [secret]
    pattern, last = "", 0
    for gap in re.finditer(r"\{(\S) (\d+)\}", SHAPES[kind]):
        pattern += re.escape(SHAPES[kind][last : gap.start()])
        letters = re.escape(_SETS[gap[1]])
        pattern += f"([{letters}]{{{gap[2]}}})"
        last = gap.end()
    found = re.fullmatch(pattern + re.escape(SHAPES[kind][last:]), secret)
    assert found is not None, kind
    return [part for part in found.groups() if len(part) >= 6]


def left(kind: str, secret: str, text: str, length: int = 6) -> list[str]:
    """The usable parts of a secret that stand in a text: runs of its distinctive characters. Empty if it is covered.

    Args:
        kind: of `fakes`.
        secret: of that kind.
        text: what left.
        length: characters in a row that count as usable.
    """
    grams = {
        part[at : at + length] for part in distinctive(kind, secret) for at in range(max(1, len(part) - length + 1))
    }
    return sorted(gram for gram in grams if gram in text)
