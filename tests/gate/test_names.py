"""What stands beside a telling name does not leave; code about secrets does."""

import pytest

from askance.gate import Gate

SECRETS = [
    "password = 'Zebra!42x'",
    "password='hunter2'",
    'db_password: "korrekt horse 77"',
    "DB_PASSWORD=korrekthorse",
    "export API_TOKEN=f81d4fae7dec",
    '{"client_secret": "q8Lm2-xx90"}',
    '{\\"password\\": \\"Zebra!42x\\"}',
    "password => 'Zebra!42x',",
    'password := "Zebra!42x"',
    "connect(user='bob', passwd='Zebra!42x')",
    'setenv("DB_PASSWORD", "Zebra!42x")',
    "password is Zebra!42x.",
    "mysql --user bob --password Zebra!42x db",
    "mysql://bob:Zeb@ra!42x@db.acme.io/main",
    "redis://:Zebra!42x@cache:6379/0",
    "Server=db;User Id=sa;Password=Zebra!42x;Encrypt=yes",
    "CREATE USER bob IDENTIFIED BY PASSWORD 'Zebra!42x'",
    "Authorization: Basic Ym9iOlplYnJhITQyeA==",
    "X-Api-Key: 9f8e7d6c5b4a39281706",
    "https://acme.io/feed?token=9f8e7d6c5b4a3928&page=2",
    "https://store.blob.core.windows.net/c?sig=Zx81Kd%2BqQ9Lm27Vb0TrE5uWn3Hs%3D&se=2027",
    "machine acme.io login bob password Zebra!42x",
    "<password>Zebra!42x</password>",
    '<add key="Password" value="Zebra!42x" />',
    "- name: DB_PASSWORD\n  value: Zebra!42x",
    'password: str = "Zebra!42x"',
    "DATADOG_API_KEY = 'd41d8cd98f00b204e9800998ecf8427e'",
    "    id     user   password\n0    1    alice  Zebra!42x\n1    2      bob  Zebra!42y",
    "| user | password |\n|---|---|\n| bob | Zebra!42x |",
    "user,password\nbob,Zebra!42x",
    "pin = 4711",
]

HARMLESS = [
    'password = os.environ["X"]',
    "token = tokenizer.encode(x)",
    "api_key=settings.API_KEY",
    "password: str",
    "secret = get_secret()",
    'f"{token}"',
    "tokens=4096",
    "max_tokens: 1024",
    'key="customer_id"',
    'keys = ["a"]',
    "password_hash_rounds=12",
    "pwd = os.getcwd()",
    "YOUR_API_KEY",
    "api_key = '<token>'",
    "password = 'xxxxxxxx'",
    "password: ****",
    "password = 'changeme'",
    "password = None",
    "the token is expired, a password reset helps",
    'getpass("Enter your password: ")',
    "http://localhost:8888/lab/tree/a@b.ipynb",
    "password    object\ntoken        int64\ndtype: object",
    "def connect(host, user, password, port=5432):\n    return Client(host, user, password)",
    "df.groupby('key')['token'].count()",
    'label = "Password must have 12 characters"',
]


@pytest.mark.parametrize("text", SECRETS)
def test_a_value_beside_a_telling_name_does_not_leave(text):
    """However name and value are joined."""
    redacted, report = Gate().redact(text, "x")
    assert report
    for part in (
        "Zeb",
        "zebra",
        "hunter2",
        "korrekt",
        "f81d4f",
        "q8Lm2",
        "Ym9iOl",
        "9f8e7d",
        "Zx81Kd",
        "d41d8c",
        "4711",
    ):
        assert part not in redacted


@pytest.mark.parametrize("text", HARMLESS)
def test_code_and_prose_about_secrets_leave(text):
    """Names, calls, types, stand-ins and sentences are none."""
    assert Gate().redact(text, "x") == (text, [])


def test_a_redaction_tells_its_line():
    """The line in the text as it was."""
    text = "a = 1\n\npassword = 'Zebra!42x'\nb = 2\ntoken = 'q8Lm2xx90q8'\n"
    assert [(one.kind, one.line) for one in Gate().redact(text, "cells:3")[1]] == [("PASSWORD", 3), ("TOKEN", 5)]
