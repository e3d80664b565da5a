"""The table of stores: where programs keep secrets, and how each is read. A newcomer adds one line.

In a place, "~" is the user's home and "$NAME" the value of a variable, which may be a list of paths; a "*" stands for any
name. A word names the kind where the file's own names do not tell: the kinds of a redaction name what, never a value.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import NamedTuple

from ...index.ignore import is_secret
from .dotenv import dotenv
from .formats import Reader, ini, json_, lines, netrc, pem, pgpass, toml, xml, yaml


class Store(NamedTuple):
    """Files of one kind.

    Attributes:
        place: a pattern: of whole paths for those of a user, of names for those of a project.
        word: begins the kinds of what is found, "" where the names in the file are those of variables.
        read: reads one.
    """

    place: str
    word: str
    read: Reader


HOME: tuple[Store, ...] = (
    Store("~/.env", "", dotenv),
    Store("~/.netrc", "NETRC", netrc),
    Store("~/_netrc", "NETRC", netrc),
    Store("$NETRC", "NETRC", netrc),
    Store("~/.pgpass", "PGPASS", pgpass),
    Store("$PGPASSFILE", "PGPASS", pgpass),
    Store("~/.pg_service.conf", "POSTGRES", ini),
    Store("~/.my.cnf", "MYSQL", ini),
    Store("~/.aws/credentials", "AWS", ini),
    Store("~/.aws/config", "AWS", ini),
    Store("~/.aws/sso/cache/*.json", "AWS", json_),
    Store("~/.aws/cli/cache/*.json", "AWS", json_),
    Store("$AWS_SHARED_CREDENTIALS_FILE", "AWS", ini),
    Store("$AWS_CONFIG_FILE", "AWS", ini),
    Store("~/.boto", "BOTO", ini),
    Store("~/.s3cfg", "S3", ini),
    Store("~/.passwd-s3fs", "S3", lines),
    Store("~/.config/gcloud/*.json", "GCLOUD", json_),
    Store("~/.config/gcloud/legacy_credentials/*/adc.json", "GCLOUD", json_),
    Store("$CLOUDSDK_CONFIG/*.json", "GCLOUD", json_),
    Store("$GOOGLE_APPLICATION_CREDENTIALS", "GCLOUD", json_),
    Store("~/.azure/*.json", "AZURE", json_),
    Store("$AZURE_CONFIG_DIR/*.json", "AZURE", json_),
    Store("~/.oci/config", "OCI", ini),
    Store("~/.bluemix/config.json", "IBMCLOUD", json_),
    Store("~/.config/openstack/clouds.yaml", "OPENSTACK", yaml),
    Store("~/.config/doctl/config.yaml", "DIGITALOCEAN", yaml),
    Store("~/.config/hcloud/cli.toml", "HETZNER", toml),
    Store("~/.config/linode-cli", "LINODE", ini),
    Store("~/.fly/config.yml", "FLY", yaml),
    Store("~/.vercel/auth.json", "VERCEL", json_),
    Store("~/.netlify/config.json", "NETLIFY", json_),
    Store("~/.config/netlify/config.json", "NETLIFY", json_),
    Store("~/.terraformrc", "TERRAFORM", ini),
    Store("~/.terraform.d/credentials.tfrc.json", "TERRAFORM", json_),
    Store("~/.pulumi/credentials.json", "PULUMI", json_),
    Store("~/.vault-token", "VAULT", lines),
    Store("~/.kube/config", "KUBE", yaml),
    Store("$KUBECONFIG", "KUBE", yaml),
    Store("~/.docker/config.json", "DOCKER", json_),
    Store("$DOCKER_CONFIG/config.json", "DOCKER", json_),
    Store("~/.config/containers/auth.json", "DOCKER", json_),
    Store("$REGISTRY_AUTH_FILE", "DOCKER", json_),
    Store("~/.config/gh/hosts.yml", "GITHUB", yaml),
    Store("$GH_CONFIG_DIR/hosts.yml", "GITHUB", yaml),
    Store("~/.config/hub", "GITHUB", yaml),
    Store("~/.config/github-copilot/*.json", "GITHUB", json_),
    Store("~/.config/glab-cli/config.yml", "GITLAB", yaml),
    Store("~/.python-gitlab.cfg", "GITLAB", ini),
    Store("~/.git-credentials", "GIT", lines),
    Store("~/.config/git/credentials", "GIT", lines),
    Store("~/.gitconfig", "GIT", ini),
    Store("~/.npmrc", "NPM", ini),
    Store("$NPM_CONFIG_USERCONFIG", "NPM", ini),
    Store("~/.yarnrc.yml", "YARN", yaml),
    Store("~/.pypirc", "PYPI", ini),
    Store("~/.pip/pip.conf", "PIP", ini),
    Store("~/.config/pip/pip.conf", "PIP", ini),
    Store("$PIP_CONFIG_FILE", "PIP", ini),
    Store("~/.config/uv/uv.toml", "UV", toml),
    Store("~/.config/pypoetry/auth.toml", "POETRY", toml),
    Store("~/.condarc", "CONDA", yaml),
    Store("~/.cargo/credentials.toml", "CARGO", toml),
    Store("~/.cargo/credentials", "CARGO", toml),
    Store("$CARGO_HOME/credentials.toml", "CARGO", toml),
    Store("~/.gem/credentials", "GEM", yaml),
    Store("~/.composer/auth.json", "COMPOSER", json_),
    Store("~/.config/composer/auth.json", "COMPOSER", json_),
    Store("~/.m2/settings.xml", "MAVEN", xml),
    Store("~/.nuget/NuGet/NuGet.Config", "NUGET", xml),
    Store("~/.gradle/gradle.properties", "GRADLE", ini),
    Store("~/.huggingface/token", "HUGGINGFACE", lines),
    Store("~/.cache/huggingface/token", "HUGGINGFACE", lines),
    Store("~/.cache/huggingface/stored_tokens", "HUGGINGFACE", ini),
    Store("$HF_HOME/token", "HUGGINGFACE", lines),
    Store("$HF_TOKEN_PATH", "HUGGINGFACE", lines),
    Store("~/.kaggle/kaggle.json", "KAGGLE", json_),
    Store("~/.config/kaggle/kaggle.json", "KAGGLE", json_),
    Store("$KAGGLE_CONFIG_DIR/kaggle.json", "KAGGLE", json_),
    Store("~/.kaggle/access_token", "KAGGLE", lines),
    Store("~/.databrickscfg", "DATABRICKS", ini),
    Store("$DATABRICKS_CONFIG_FILE", "DATABRICKS", ini),
    Store("~/.databricks/token-cache.json", "DATABRICKS", json_),
    Store("~/.snowflake/*.toml", "SNOWFLAKE", toml),
    Store("~/.config/snowflake/*.toml", "SNOWFLAKE", toml),
    Store("~/.snowsql/config", "SNOWFLAKE", ini),
    Store("~/.dbt/profiles.yml", "DBT", yaml),
    Store("~/.config/rclone/rclone.conf", "RCLONE", ini),
    Store("~/.config/openai/*", "OPENAI", json_),
    Store("~/.openai/*", "OPENAI", json_),
    Store("~/.codex/auth.json", "OPENAI", json_),
    Store("~/.config/anthropic/*", "ANTHROPIC", json_),
    Store("~/.anthropic/*", "ANTHROPIC", json_),
    Store("~/.claude/.credentials.json", "ANTHROPIC", json_),
    Store("~/.gemini/*.json", "GEMINI", json_),
    Store("~/.config/io.datasette.llm/keys.json", "LLM", json_),
    Store("~/.aider.conf.yml", "AIDER", yaml),
    Store("~/.continue/config.json", "CONTINUE", json_),
    Store("~/.config/wandb/settings", "WANDB", ini),
    Store("~/.comet.config", "COMET", ini),
    Store("~/.neptune/tokens/*", "NEPTUNE", json_),
    Store("~/.clearml.conf", "CLEARML", yaml),
    Store("~/clearml.conf", "CLEARML", yaml),
    Store("~/.mlflow/credentials", "MLFLOW", ini),
    Store("~/.modal.toml", "MODAL", toml),
    Store("~/.replicate/auth", "REPLICATE", lines),
    Store("~/.prefect/profiles.toml", "PREFECT", toml),
    Store("~/.dagster_cloud_cli/config", "DAGSTER", yaml),
    Store("~/.streamlit/secrets.toml", "", toml),
    Store("~/.jupyter/jupyter_server_config.json", "JUPYTER", json_),
    Store("~/.jupyter/jupyter_notebook_config.json", "JUPYTER", json_),
    Store("$JUPYTER_CONFIG_DIR/jupyter_server_config.json", "JUPYTER", json_),
    Store("~/.config/stripe/config.toml", "STRIPE", toml),
    Store("~/.twilio-cli/config.json", "TWILIO", json_),
    Store("~/.sentryclirc", "SENTRY", ini),
    Store("~/.config/configstore/*.json", "CONFIGSTORE", json_),
    Store("~/.config/op/config", "ONEPASSWORD", json_),
    Store("~/.ssh/id_*", "", pem),
    Store("~/.ssh/*.pem", "", pem),
    Store("~/.env.*", "", dotenv),
)
"""Files of a user; links are followed."""

PROJECT: tuple[Store, ...] = (
    Store(".env", "", dotenv),
    Store(".env.*", "", dotenv),
    Store("*.env", "", dotenv),
    Store(".envrc", "", dotenv),
    Store(".flaskenv", "", dotenv),
    Store(".netrc", "NETRC", netrc),
    Store(".pgpass", "PGPASS", pgpass),
    Store(".npmrc", "NPM", ini),
    Store(".pypirc", "PYPI", ini),
    Store(".git-credentials", "GIT", lines),
    Store("kaggle.json", "KAGGLE", json_),
    Store("local.settings.json", "", json_),
    Store("*.tfvars", "", ini),
    Store("terraform.tfstate*", "", json_),
)
"""Files of a project, by name; they keep secrets whatever is in them."""

NAMED: tuple[Store, ...] = (
    Store("*.json", "", json_),
    Store("*.toml", "", toml),
    Store("*.y*ml", "", yaml),
    Store("*.ini", "", ini),
    Store("*.cfg", "", ini),
    Store("credentials", "", ini),
    Store("*", "", pem),
)
"""The same for those that keep secrets by what they are called: `secrets.toml`, `service-account.json`, `server.key`."""

_EXAMPLES = frozenset("example sample template dist tmpl default defaults schema".split())


def store_of(name: str) -> Store | None:
    """The line for a file of a project, None if it keeps no secrets."""
    lower = name.lower()
    if not _EXAMPLES.isdisjoint(lower.split(".")):
        return None
    lines_ = (*PROJECT, *NAMED) if is_secret(name) else PROJECT
    return next((store for store in lines_ if fnmatchcase(lower, store.place)), None)
