"""Texts that only look as if they held secrets, made from a seed when a test runs.

Enters: a seed. Leaves: `lookalikes(seed, count)`, (kind, text) pairs. Kinds take turns.
"""

from __future__ import annotations

import base64
import hashlib
import random
import string
import uuid
from collections.abc import Callable

_WORDS = (
    "customer order invoice model training table column parser window region revenue churn feature layer batch widget "
    "report session product image vector cluster signal kernel merge filter weight score market user"
).split()


def lookalikes(seed: int, count: int) -> list[tuple[str, str]]:
    """(kind, text) of harmless texts.

    Args:
        seed: of what is random in them.
        count: how many.
    """
    rng = random.Random(seed)
    kinds = list(MAKERS.items())
    return [(kinds[at % len(kinds)][0], kinds[at % len(kinds)][1](rng)) for at in range(count)]


def _hex(rng: random.Random, size: int) -> str:
    return "".join(rng.choices("0123456789abcdef", k=size))


def _b64(rng: random.Random, size: int) -> str:
    return base64.b64encode(rng.randbytes(size)).decode()


def _alnum(rng: random.Random, size: int) -> str:
    return "".join(rng.choices(string.ascii_lowercase + string.digits, k=size))


def _word(rng: random.Random) -> str:
    return rng.choice(_WORDS)


def _uuid(rng: random.Random) -> str:
    return str(uuid.UUID(int=rng.getrandbits(128), version=4))


def _name(rng: random.Random) -> str:
    return f"{_word(rng)}_{_word(rng)}"


def _png(rng: random.Random) -> str:
    head = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\0\0\0\1\0\x08\x06\0\0\0"
    return base64.b64encode(head + rng.randbytes(rng.randrange(60, 600))).decode()


def _date(rng: random.Random) -> str:
    return f"20{rng.randrange(10, 27)}-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}"


def _isbn(rng: random.Random) -> str:
    digits = "978" + "".join(rng.choices(string.digits, k=9))
    check = -sum(int(digit) * (3 if at % 2 else 1) for at, digit in enumerate(digits)) % 10
    return f"978-{digits[3]}-{digits[4:7]}-{digits[7:12]}-{check}"


def _numbers(rng: random.Random) -> str:
    return ", ".join(str(rng.randrange(10**9, 10**10)) for _ in range(12))


def _prose(rng: random.Random) -> str:
    return rng.choice(
        [
            "The password is required when you log in; a password reset takes a minute.",
            "Your token is expired. Please ask for a new token and set it in the environment.",
            "Secrets are kept in the vault: no secret key is stored in the repository.",
            "Passwords must be at least 12 characters and may not contain the user name.",
            "The API key is read from the environment variable OPENAI_API_KEY.",
            "Authentication: pass the access token as a Bearer token in the Authorization header.",
            "Each token has about four characters; the prompt has 4096 tokens and max_tokens is 1024.",
            "Pressing the Enter key twice opens the key dialog; the primary key is customer_id.",
            "If the key is missing, a KeyError is raised; keys are sorted by insertion.",
            "Use a secret manager. The secret is rotated every 90 days by the platform team.",
        ]
    )


def _code(rng: random.Random) -> str:
    one, two = _word(rng), _word(rng)
    return rng.choice(
        [
            'password = os.environ["DB_PASSWORD"]',
            "token = tokenizer.encode(text)[0]",
            "client = OpenAI(api_key=settings.OPENAI_API_KEY)",
            "def login(user: str, password: str) -> Token:",
            "secret = get_secret('prod/db')",
            'headers = {"Authorization": f"Bearer {token}"}',
            "max_tokens: int = 4096",
            f'df = df.sort_values(key=lambda s: s.str.lower()).merge(other, key="{one}_id")',
            'keys = ["a", "b", "c"]',
            "password_hash_rounds=12",
            "pwd = os.getcwd()",
            "api_key = 'YOUR_API_KEY'",
            'token = "<your token here>"',
            "SECRET_KEY = config('SECRET_KEY', default='changeme')",
            "auth = (user, getpass.getpass())",
            f"{one}_key = hash_key({two}, {one}_id)",
            "self.password = password",
            'if token.type == TokenType.NAME and token.string == "lambda":',
            "tokens = nltk.word_tokenize(sentence)",
            'pad_token="[PAD]", eos_token="</s>", bos_token="<s>"',
            "secrets.token_hex(16)",
            'parser.add_argument("--password", type=str, help="the password", default=None)',
            f'cache[key] = {one}; cache_key = f"{{user}}:{{{two}}}"',
            "const { password, confirmPassword } = req.body;",
            "session = requests.Session(); cookies = session.cookies.get_dict()",
            "SELECT password FROM users WHERE token IS NOT NULL",
            'password: "string"',
            'key_columns = ["customer_id", "order_id"]',
            "private_key = load_pem_private_key(data, password=None)",
            "token_count = len(encoding.encode(prompt))",
        ]
    )


def _frame(rng: random.Random) -> str:
    rows = "\n".join(f"{at}  {_word(rng):>10}  {rng.randrange(10**5):>8}  {rng.random():.4f}" for at in range(4))
    return f"         token     count  weight\n{rows}"


MAKERS: dict[str, Callable[[random.Random], str]] = {
    "git sha": lambda rng: f"commit {_hex(rng, 40)}",
    "short sha": lambda rng: f"{_hex(rng, 8)}..{_hex(rng, 8)} main -> main",
    "uuid": lambda rng: f'"id": "{_uuid(rng)}"',
    "sha256": lambda rng: f"{_hex(rng, 64)}  data/{_name(rng)}.csv",
    "md5": lambda rng: f"md5 = '{_hex(rng, 32)}'",
    "etag": lambda rng: f'ETag: W/"{_hex(rng, 32)}"',
    "png": lambda rng: f'"image/png": "{_png(rng)}"',
    "data uri": lambda rng: f'src="data:image/png;base64,{_png(rng)}"',
    "sri": lambda rng: f'integrity="sha384-{_b64(rng, 48)}"',
    "lock file": lambda rng: f'"integrity": "sha512-{_b64(rng, 64)}"',
    "docker digest": lambda rng: f"FROM python@sha256:{_hex(rng, 64)}",
    "arn": lambda rng: f"arn:aws:iam::{rng.randrange(10**11, 10**12)}:role/{_word(rng)}-{_word(rng)}-role",
    "environ": lambda rng: f'{_word(rng)} = os.environ.get("{_word(rng).upper()}_TOKEN", "")',
    "stand-in": lambda rng: rng.choice(
        [
            "API_KEY=YOUR_API_KEY",
            "token: <token>",
            "password=xxxxxxxx",
            "secret: ****",
            "api_key='...'",
            "PASSWORD=changeme",
        ]
    ),
    "url": lambda rng: (
        f"https://{_word(rng)}.example.org/{_word(rng)}/{rng.randrange(10**6)}?page={rng.randrange(99)}&q={_word(rng)}"
    ),
    "numbers": lambda rng: f"array([{_numbers(rng)}])",
    "floats": lambda rng: f"[{', '.join(f'{rng.random() * 10 ** rng.randrange(6):.8f}' for _ in range(8))}]",
    "cell id": lambda rng: f'"id": "{_hex(rng, 8)}", "cell_type": "code"',
    "version": lambda rng: (
        f"numpy-{rng.randrange(3)}.{rng.randrange(30)}.{rng.randrange(9)}rc1 (py{rng.randrange(309, 315)})"
    ),
    "mac": lambda rng: ":".join(_hex(rng, 2) for _ in range(6)),
    "timestamp": lambda rng: (
        f"{_date(rng)}T{rng.randrange(24):02}:{rng.randrange(60):02}:12.{rng.randrange(10**6):06}+00:00"
    ),
    "epoch": lambda rng: f'"created": {rng.randrange(1_600_000_000_000, 1_800_000_000_000)}',
    "doi": lambda rng: (
        f"https://doi.org/10.{rng.randrange(1000, 9999)}/s{rng.randrange(10**5, 10**6)}-0{rng.randrange(10**2)}-{rng.randrange(10**5)}-x"
    ),
    "isbn": lambda rng: f"ISBN {_isbn(rng)}",
    "minified js": lambda rng: (
        f"!function(e,t){{var n={_hex(rng, 2)}1;for(var r in e)t[r]=e[r].key,n+=t[r].token||0}}({_word(rng)},{_word(rng)});"
    ),
    "colours": lambda rng: f".{_word(rng)} {{ color: #{_hex(rng, 6)}; background: #{_hex(rng, 8)} }}",
    "hashed file": lambda rng: f"static/js/main.{_hex(rng, 20)}.chunk.js",
    "bundled file": lambda rng: f"/assets/{_word(rng)}-{_alnum(rng, 8)}.js",
    "pod": lambda rng: f"{_word(rng)}-{_word(rng)}-{_alnum(rng, 10)}-{_alnum(rng, 5)}   1/1   Running",
    "conda build": lambda rng: f"numpy 1.26.4 py311h{_hex(rng, 7)}_{rng.randrange(9)} conda-forge",
    "wheel hash": lambda rng: f"    --hash=sha256:{_hex(rng, 64)} \\",
    "record": lambda rng: (
        f"pkg/{_name(rng)}.py,sha256={base64.urlsafe_b64encode(rng.randbytes(32)).decode().rstrip('=')},{rng.randrange(9999)}"
    ),
    "prose": _prose,
    "code": _code,
    "redis key": lambda rng: f"redis.get('session:{_word(rng)}:{rng.randrange(10**6)}')",
    "s3 path": lambda rng: (
        f"s3://{_word(rng)}-data/{_name(rng)}/dt={_date(rng)}/part-{rng.randrange(10**4):05}-{_uuid(rng)}.snappy.parquet"
    ),
    "gene": lambda rng: (
        f"ENSG{rng.randrange(10**10, 10**11)} NM_{rng.randrange(10**5, 10**6)}.{rng.randrange(9)} {''.join(rng.choices('ACGT', k=60))}"
    ),
    "coordinates": lambda rng: f"({rng.uniform(-90, 90):.6f}, {rng.uniform(-180, 180):.6f})",
    "order number": lambda rng: f"order 4{rng.randrange(10**13, 10**14)}: {rng.randrange(10**3)} items",
    "frame": _frame,
    "ids of notebooks": lambda rng: f"kernel {_uuid(rng)} connected to {_uuid(rng)}.json",
    "pickled": lambda rng: f"b'{rng.randbytes(24)!r}'",
    "base64 of data": lambda rng: f"data = base64.b64decode('{_b64(rng, rng.randrange(33, 90))}')",
    "latex": lambda rng: rf"\frac{{\partial {_word(rng)}}}{{\partial t}} = \alpha_{{{rng.randrange(9)}}} \nabla^2 u",
    "class names": lambda rng: (
        f"from sklearn.{_word(rng)} import {_word(rng).title()}{_word(rng).title()}TokenizerFast"
    ),
    "traceback": lambda rng: (
        f'File "/usr/lib/python3.11/site-packages/{_word(rng)}/{_name(rng)}_authentication.py", line {rng.randrange(999)}, in get_token'
    ),
    "yaml": lambda rng: (
        f"key: {_name(rng)}\nvalue: {rng.random():.3f}\nsecretName: {_word(rng)}-tls\npasswordPolicy: strict"
    ),
    "jupyter url": lambda rng: f"http://localhost:8888/lab/tree/{_name(rng)}.ipynb",
    "content hash": lambda rng: f"{hashlib.sha1(rng.randbytes(8)).hexdigest()} refs/heads/{_word(rng)}",
    "ip": lambda rng: (
        f"{rng.randrange(256)}.{rng.randrange(256)}.{rng.randrange(256)}.{rng.randrange(256)} - - [{_date(rng)}] 200"
    ),
    "hostname": lambda rng: f"postgres://localhost:5432/{_word(rng)} redis://cache:6379/{rng.randrange(9)}",
    "email of nobody": lambda rng: f"{_word(rng)}@example.org, noreply@github.com",
    "dataclass": lambda rng: (
        f"class {_word(rng).title()}:\n    token: str\n    password: SecretStr | None = None\n    key: int = {rng.randrange(99)}"
    ),
    "table of types": lambda rng: f"password    object\ntoken        int64\nkey         {_word(rng)}\ndtype: object",
}
"""Kind -> makes one."""
