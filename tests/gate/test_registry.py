"""What is known to be secret on a machine: read from real files of each kind, in a home and a project of a test's own."""

import base64
import json
import os
import pickle
import random
import string

import pytest

from askance.gate import registry as module
from askance.gate.registry import Registry, Secret
from askance.gate.stores.table import HOME


def made(number, length=24):
    """A secret in no published format; the same for the same number."""
    return "".join(random.Random(number).choices(string.ascii_letters + string.digits, k=length))


class Machine:
    """A home, a project and variables; what is known there."""

    def __init__(self, folder):
        self.home, self.root = folder / "home", folder / "project"
        self.environ, self.now = {}, 0.0
        (self.root / "notebooks").mkdir(parents=True)
        self.home.mkdir()
        self.registry = Registry(
            self.environ, self.root, self.home, self.root / "notebooks", clock=lambda: self.now, wall_clock=lambda: 0
        )

    def put(self, path, text):
        """Write a file; "~" is the home, all else lies in the project."""
        file = self.home / path[2:] if path.startswith("~") else self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return file

    @property
    def known(self):
        """What is known: the values, and the kind of each."""
        self.now += module.EVERY
        return {value: kind for kind, value in self.registry()}


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


PRIVATE = "-----BEGIN OPENSSH PRIVATE KEY-----\n{}\n-----END OPENSSH PRIVATE KEY-----\n"
BASIC = base64.b64encode(f"someone:{made(1)}".encode()).decode()

FILES = [
    ("~/.netrc", f"machine a.example.org login me password {made(1)}\n", "NETRC_PASSWORD"),
    ("~/_netrc", f"machine a.example.org\n  login me\n  password {made(1)}\n", "NETRC_PASSWORD"),
    ("~/.pgpass", f"# c\ndb.example.org:5432:*:me:{made(1)}\n", "PGPASS_PASSWORD"),
    ("~/.my.cnf", f"[client]\nuser=me\npassword = {made(1)}\n", "MYSQL_PASSWORD"),
    ("~/.aws/credentials", f"[dev]\naws_secret_access_key = {made(1, 40)}\n", "AWS_SECRET_ACCESS_KEY"),
    ("~/.aws/credentials", f"[a]\nx=y\n\n[b]\naws_session_token={made(1, 300)}\n", "AWS_SESSION_TOKEN"),
    ("~/.aws/config", f"[profile p]\naws_secret_access_key = {made(1, 40)}\n", "AWS_SECRET_ACCESS_KEY"),
    (
        "~/.config/gcloud/application_default_credentials.json",
        json.dumps({"client_secret": "d-" + made(2), "refresh_token": made(1)}),
        "GCLOUD_REFRESH_TOKEN",
    ),
    ("~/.azure/msal_token_cache.json", json.dumps({"AccessToken": {"id": {"secret": made(1)}}}), "AZURE_SECRET"),
    ("~/.kube/config", f"users:\n- name: me\n  user:\n    token: {made(1)}\n", "KUBE_TOKEN"),
    ("~/.docker/config.json", json.dumps({"auths": {"r.example.org": {"auth": BASIC}}}), "DOCKER_AUTH_PASSWORD"),
    ("~/.config/gh/hosts.yml", f"github.com:\n    user: me\n    oauth_token: {made(1)}\n", "GITHUB_OAUTH_TOKEN"),
    ("~/.git-credentials", f"https://me:{made(1)}@git.example.org\n", "GIT_TOKEN_PASSWORD"),
    ("~/.npmrc", f"//npm.example.org/:_authToken={made(1)}\n", "NPM_AUTH_TOKEN"),
    ("~/.pypirc", f"[pypi]\nusername = __token__\npassword = {made(1)}\n", "PYPI_PASSWORD"),
    ("~/.config/pip/pip.conf", f"[global]\nindex-url = https://me:{made(1)}@pip.example.org/simple\n", None),
    ("~/.pip/pip.conf", f"[global]\nextra-index-url =\n    https://me:{made(1)}@pip.example.org/simple\n", None),
    ("~/.huggingface/token", made(1), "HUGGINGFACE_TOKEN"),
    ("~/.cache/huggingface/token", made(1) + "\n", "HUGGINGFACE_TOKEN"),
    ("~/.kaggle/kaggle.json", json.dumps({"username": "me", "key": made(1, 32)}), "KAGGLE_KEY"),
    ("~/.databrickscfg", f"[DEFAULT]\nhost = https://x.example.org\ntoken = {made(1)}\n", "DATABRICKS_TOKEN"),
    ("~/.config/openai/auth.json", json.dumps({"api_key": made(1)}), "OPENAI_API_KEY"),
    ("~/.snowflake/connections.toml", f'[dev]\naccount = "a"\npassword = "{made(1)}"\n', "SNOWFLAKE_PASSWORD"),
    ("~/.cargo/credentials.toml", f'[registry]\ntoken = "{made(1)}"\n', "CARGO_TOKEN"),
    (
        "~/.jupyter/jupyter_server_config.json",
        json.dumps({"IdentityProvider": {"hashed_password": f"argon2:$argon2id$v=19${made(1, 40)}"}}),
        "JUPYTER_HASHED_PASSWORD",
    ),
    ("~/.streamlit/secrets.toml", f'[db]\npassword = "{made(1)}"\n', "PASSWORD"),
    ("~/.m2/settings.xml", f"<server><id>x</id><password>{made(1)}</password></server>", "MAVEN_PASSWORD"),
    ("~/.ssh/id_ed25519", PRIVATE.format(made(1, 64)), "PRIVATE_KEY"),
    ("~/.vault-token", made(1), "VAULT_TOKEN"),
    (".streamlit/secrets.toml", f'api = "{made(1)}"\n', "API"),
    (".env", f"MY_SETTING={made(1)}\n", "MY_SETTING"),
    (".env.local", f"export API_TOKEN='{made(1)}'\n", "API_TOKEN"),
    ("notebooks/.env", f"API_TOKEN={made(1)} # mine\n", "API_TOKEN"),
    ("service/prod.env", f'DB="postgres://me:{made(1)}@db:5432/x"\n', "DB_PASSWORD"),
    (".envrc", f"export API_TOKEN={made(1)}\n", "API_TOKEN"),
    ("config/secrets.yml", f"production:\n  stripe: {made(1)}\n", "STRIPE"),
    ("service-account.json", json.dumps({"private_key": PRIVATE.format(made(1, 64))}), "PRIVATE_KEY"),
    ("server.key", PRIVATE.replace("OPENSSH", "RSA").format(made(1, 64)), "PRIVATE_KEY"),
    ("terraform.tfvars", f'db_password = "{made(1)}"\n', "DB_PASSWORD"),
]


@pytest.mark.parametrize(("path", "text", "kind"), FILES, ids=[path for path, _, _ in FILES])
def test_each_kind_of_store_is_read(machine, path, text, kind):
    """The value stands in the file as the program writes it; the kind names the field, and holds nothing of the value."""
    machine.put(path, text)
    secret = next(
        (value for value in (made(1), made(1, 32), made(1, 40), made(1, 64), made(1, 300)) if value in text), made(1)
    )
    found = {value: named for value, named in machine.known.items() if secret in value}
    assert found, machine.registry()
    if kind is not None:
        assert kind in found.values()
    assert not any(secret[:6].upper() in named for named in machine.known.values())


def test_files_that_variables_name_are_read(machine, tmp_path):
    """Wherever they lie; KUBECONFIG may be a list."""
    for number, (name, text) in enumerate(
        {
            "AWS_SHARED_CREDENTIALS_FILE": "[default]\naws_secret_access_key={}\n",
            "GOOGLE_APPLICATION_CREDENTIALS": '{{"private_key_id": "{}"}}',
            "KUBECONFIG": "token: {}\n",
            "HF_TOKEN_PATH": "{}",
            "PIP_CONFIG_FILE": "[global]\nindex-url=https://me:{}@pip.example.org\n",
            "NETRC": "default login me password {}",
        }.items()
    ):
        (tmp_path / name).write_text(text.format(made(number)))
        machine.environ[name] = os.pathsep.join(["/nowhere/at/all", str(tmp_path / name)][name != "KUBECONFIG" :])
    assert {made(number) for number in range(6)} <= machine.known.keys()


DOTENV = r"""
# a comment with don't in it
PLAIN_TOKEN=plain-0aB1cD2eF3
export EXPORTED_TOKEN=exported-0aB1cD2eF3
SPACED_TOKEN = spaced-0aB1cD2eF3   # a comment
SINGLE_TOKEN='single #not "a" comment 0aB1'
DOUBLE_TOKEN="double \"quoted\" 0aB1\nnext"
TICK_TOKEN=`tick 'and' "more" 0aB1`
HASH_PASSWORD=with#hash0aB1
LINES_KEY="first0aB1cD2eF3gH4
second0aB1cD2eF3gH4"
FILLED_TOKEN=${PLAIN_TOKEN}
# OLD_TOKEN=old-0aB1cD2eF3
UNNAMED=qZ8fD93jKqp0aLmN2bV7
"""


def test_dotenv_as_it_is_written(machine):
    """export, quotes of three kinds, values over lines, comments; what is filled in from elsewhere is no value."""
    machine.put(".env", DOTENV)
    known = machine.known
    for value in (
        "plain-0aB1cD2eF3",
        "exported-0aB1cD2eF3",
        "spaced-0aB1cD2eF3",
        'single #not "a" comment 0aB1',
        'double "quoted" 0aB1\nnext',
        "tick 'and' \"more\" 0aB1",
        "with#hash0aB1",
        "first0aB1cD2eF3gH4\nsecond0aB1cD2eF3gH4",
        "old-0aB1cD2eF3",
        "qZ8fD93jKqp0aLmN2bV7",
    ):
        assert value in known
    assert "FILLED_TOKEN" not in known.values()


def test_variables(machine):
    """By their names, by passwords in addresses, by fields of connection strings and of JSON."""
    machine.environ |= {
        "MY_API_KEY": made(0),
        "TOKEN_OF_MINE": made(1),
        "JUPYTER_TOKEN": made(2),
        "JPY_API_TOKEN": made(3),
        "ASKANCE_REDIS_PASSWORD": made(4),
        "DATABASE_URL": f"postgresql+psycopg://me:{made(5)}%40x@db.example.org/app",
        "AZURE": f"DefaultEndpointsProtocol=https;AccountName=mine;AccountKey={made(6, 86)}==;EndpointSuffix=x.example.org",
        "LIBPQ": f"host=db user=me password={made(7)} dbname=app",
        "SERVICE_ACCOUNT": json.dumps({"type": "x", "private_key_id": made(8)}),
        "AUTHORIZATION": f"Bearer {made(9)}",
        "PROXY": "http://me:" + made(10) + "@proxy.example.org:8080",
        "SLACK_WEBHOOK": f"https://hooks.example.org/services/T00/B00/{made(11)}",
        "SENTRY_DSN": f"https://{made(12, 32)}@o1.example.org/42",
        "SIGNED": f"https://x.example.org/blob?sv=2024&sig={made(13, 40)}&x=1",
        "DB_PIN": "8421709365",
        "AWS_ACCESS_KEY_ID": "AKIA" + made(14, 16).upper(),
    }
    known = machine.known
    for number in range(14):
        assert any(made(number) in value for value in known), number
    assert made(5) + "@x" in known
    assert "8421709365" in known
    assert "AKIA" + made(14, 16).upper() in known


HARMLESS = {
    "APP_TOKEN": "production",
    "DB_PASSWORD": "postgres",
    "API_KEY": "localhost:8080",
    "SECRET_KEY": "your-secret-key-here",
    "A_TOKEN": "true",
    "B_TOKEN": "12345678901234",
    "C_TOKEN": "https://login.example.org/oauth",
    "D_TOKEN": "db.internal.example.org",
    "E_TOKEN": "somebody@example.org",
    "F_TOKEN": "/etc/ssl/certs",
    "G_TOKEN": "<your token>",
    "H_TOKEN": "${OTHER_TOKEN}",
    "I_TOKEN": "short1",
    "J_TOKEN": "changeme-please",
    "K_TOKEN": "xxxxxxxxxxxxxxxx",
    "L_TOKEN": "default",
    "PWD": "/home/someone/work",
    "SSH_AUTH_SOCK": "/tmp/ssh-XXXXabcdef/agent.1234",
    "TOKENIZERS_PARALLELISM": "false",
    "MAX_TOKENS": "1048576000",
    "SECRET_NAME": "projects/some-app/database",
    "TOKEN_EXPIRES": "2026-11-23T23:33:12Z",
    "TOKEN_URL": "https://x.example.org/token",
    "AUTH_TYPE": "oauth2-client-credentials",
    "MODEL": "claude-sonnet-5-5-20260929",
    "GIT_COMMIT": "3f786850e387550fdab836ed7e6dc881de23001b",
    "DBUS_SESSION_BUS_ADDRESS": "unix:path=/run/user/1000/bus",
    "XDG_SESSION_ID": "c2",
    "LS_COLORS": "rs=0:di=01;34:ln=01;36:mh=00:pi=40;33",
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "HOSTNAME": "jupyter-0a1b2c3d4e5f6a7b-pod",
}


@pytest.mark.parametrize(("name", "value"), HARMLESS.items())
def test_what_stands_everywhere_is_never_known(machine, name, value):
    """Words, paths, numbers, addresses: they would be taken out of every text."""
    machine.environ[name] = value
    assert machine.known == {}


@pytest.mark.parametrize("name", [".env.example", ".env.sample", ".env.template", "secrets.example.toml", "data.json"])
def test_examples_and_other_files_are_not_read(machine, name):
    """What stands in an example is no secret, and what has no name of a secret is the project's text."""
    machine.put(name, f'API_TOKEN="{made(1)}"\n')
    assert machine.known == {}


def test_nothing_but_regular_files_is_opened(machine, tmp_path, monkeypatch):
    """A pipe is not waited on, a device is not opened, a link of a project leads nowhere, one of a home does."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text(f"API_TOKEN={made(1)}\n")
    os.mkfifo(machine.root / ".env.local")
    os.mkfifo(machine.home / ".netrc")
    (machine.root / ".env").symlink_to(elsewhere)
    (machine.root / ".envrc").symlink_to("/dev/zero")
    (machine.root / ".env.test").mkdir()
    opened, really = [], os.open
    monkeypatch.setattr(
        os, "open", lambda path, *rest, **more: (opened.append(str(path)), really(path, *rest, **more))[1]
    )
    assert machine.known == {}
    assert opened == []
    (machine.home / ".env").symlink_to(elsewhere)
    assert machine.known == {made(1): "API_TOKEN"}
    assert opened == [str(machine.home / ".env")]


def test_what_cannot_be_read_is_not_known_and_nothing_raises(machine, monkeypatch):
    """Unreadable, too large, not what its name says, half written, no text at all."""
    machine.put("~/.aws/credentials", "[")
    machine.put("~/.kaggle/kaggle.json", "[" * 100_000)
    machine.put("~/.snowflake/config.toml", 'x = "unended\n')
    machine.put("~/.netrc", "machine")
    (machine.home / ".pgpass").write_bytes(random.Random(1).randbytes(5000))
    machine.put(".env", f"API_TOKEN={made(1)}\n" + "#" * 1_000_000)
    machine.put(".env.local", f"API_TOKEN={made(2)}\n")
    really = os.open

    def refuse(path, *rest, **more):
        if str(path).endswith(".env.local"):
            raise PermissionError(13, "no")
        return really(path, *rest, **more)

    monkeypatch.setattr(os, "open", refuse)
    assert machine.known == {}


HOSTILE = [
    'A="' * 50_000,
    " " * 900_000 + "x",
    "a\n" * 400_000,
    "- " * 400_000,
    "x=" * 400_000,
    "<a>" * 300_000,
    '"a"' * 300_000,
]


@pytest.mark.parametrize(
    "read", sorted({store.read for store in HOME}, key=lambda read: read.__name__), ids=lambda r: r.__name__
)
def test_no_file_makes_a_reader_slow(read):
    """Twice the text takes about twice the time: three times the steps would be seen at once in a megabyte."""
    import time

    for text in HOSTILE:
        begun = time.process_time()
        for _ in read(text[: len(text) // 8]):
            pass
        part = time.process_time() - begun
        begun = time.process_time()
        for _ in read(text):
            pass
        whole = time.process_time() - begun
        assert whole < 24 * max(part, 0.02), (read.__name__, text[:10])


def test_the_same_tuple_until_something_changes(machine):
    """Whoever prepares a search for the values does it once; a changed file is read, an unchanged one is not opened."""
    file = machine.put(".env", f"API_TOKEN={made(1)}\n")
    first = machine.registry()
    assert machine.registry() is first
    machine.now += module.EVERY
    assert machine.registry() is first
    file.write_text(f"API_TOKEN={made(2)}\n")
    assert machine.registry() is first  # not yet looked
    assert machine.known.keys() == {made(1), made(2)}
    machine.environ["NEW_TOKEN"] = made(3)
    assert made(3) in {value for _, value in machine.registry()}  # variables at once


def test_unchanged_files_are_not_opened_again(machine, monkeypatch):
    """One look costs stats alone."""
    machine.put(".env", f"API_TOKEN={made(1)}\n")
    machine.put("~/.netrc", f"machine x password {made(2)}\n")
    assert len(machine.known) == 2
    monkeypatch.setattr(os, "open", lambda *_args, **_more: pytest.fail("opened"))
    assert len(machine.known) == 2


def test_what_was_known_stays_known(machine):
    """`os.environ.pop("TOKEN")` puts it into a variable."""
    machine.environ["API_TOKEN"] = made(1)
    assert machine.known == {made(1): "API_TOKEN"}
    del machine.environ["API_TOKEN"]
    assert machine.known == {made(1): "API_TOKEN"}


def test_values_are_in_memory_only(machine):
    """No print shows them, no pickle takes them."""
    machine.environ["API_TOKEN"] = made(1)
    found = machine.registry()
    assert found == (Secret("API_TOKEN", made(1)),)
    assert made(1)[:4] not in f"{found} {machine.registry!r} {found[0]}"
    for held in (found, machine.registry):
        with pytest.raises(TypeError, match="not pickled"):
            pickle.dumps(held)


def test_a_name_that_may_be_a_secret_names_no_kind(machine):
    """A file that has its keys and values the other way round."""
    machine.put(".env", f"{made(1)}={made(2)}\n")
    assert machine.known[made(2)] == "SECRET"


def test_the_number_of_values_is_bounded(machine):
    """A hostile file cannot make every ask slow; variables come first."""
    machine.environ["API_TOKEN"] = made(0)
    for number in range(8):
        machine.put(f"{number}.env", "".join(f"T{i}_TOKEN={made(number * 1001 + i + 1)}\n" for i in range(1001)))
    known = machine.known
    assert len(known) == module.MOST
    assert made(0) in known
