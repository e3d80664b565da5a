"""Who else can ask a model from a notebook, each pointed at one scripted server on this machine.

Enters: the server's address, a folder for virtual environments. Leaves: `Contender`s that could be installed.
The peers need environments of their own, as their dependencies do not go with ours or each other's. They are made once,
with pip, where ASKANCE_BENCH_PEERS names a folder (or `--peers FOLDER` says so); without it the peers are left out.
"""

from __future__ import annotations

import subprocess
import sys
import venv
from dataclasses import dataclass, field
from pathlib import Path

PATIENCE = 900
"""Seconds that one installation may take."""

FLUSH = """
answer = client.chat.completions.create(model="m", messages=[{"role": "user", "content": "go on"}], stream=True)
for chunk in answer:
    print(chunk.choices[0].delta.content or "" if chunk.choices else "", end="", flush=True)
"""

RESEND = """
answer = client.chat.completions.create(model="m", messages=[{"role": "user", "content": "go on"}], stream=True)
text, handle = "", display(Markdown(""), display_id=True)
for chunk in answer:
    text += chunk.choices[0].delta.content or "" if chunk.choices else ""
    handle.update(Markdown(text))
"""

RAW = """
text = ""
body = {"model": "m", "messages": [{"role": "user", "content": "go on"}], "stream": True}
with client.stream("POST", base_url + "/chat/completions", json=body) as response:
    for line in response.iter_lines():
        if line.startswith("data: ") and line != "data: [DONE]":
            for choice in json.loads(line[6:])["choices"]:
                text += choice["delta"].get("content") or ""
print(text)
"""


@dataclass(frozen=True)
class Contender:
    """A way to ask.

    Attributes:
        name: as it is told.
        setup: a cell to run first.
        ask: the cell that asks; "{n}" stands for a number that differs each time.
        environ: variables of its kernel.
        python: the interpreter it runs in.
        ours: whether it is askance.
    """

    name: str
    setup: str
    ask: str
    environ: dict[str, str] = field(default_factory=dict)
    python: str = sys.executable
    ours: bool = False


def own(base_url: str) -> list[Contender]:
    """Those that need nothing but what we need: askance first, then raw httpx and the plain SDK."""
    sdk = "import openai\nfrom IPython.display import Markdown, display\n"
    sdk += f"client = openai.OpenAI(api_key='no-key', base_url={base_url!r})"
    raw = f"import httpx2, json\nbase_url = {base_url!r}\nclient = httpx2.Client(trust_env=False, timeout=60)"
    environ = {"OPENAI_BASE_URL": base_url, "OPENAI_API_KEY": "no-key", "ASKANCE_MODEL": "openai:m"}
    return [
        Contender("askance", "%load_ext askance", "%ask --fresh -t thread{n} go on", environ, ours=True),
        Contender("raw httpx", raw, RAW),
        Contender("openai + print", sdk, FLUSH),
        Contender("openai + update(Markdown)", sdk, RESEND),
    ]


def others(base_url: str, folder: Path) -> list[Contender]:
    """The peers that are, or can be, installed below the folder; says which cannot."""
    made = [_ai2(base_url, folder), _ai3(base_url, folder), _cellmage(base_url, folder)]
    return [contender for contender in made if contender is not None]


def _ai2(base_url: str, folder: Path) -> Contender | None:
    python = _installed(folder, "jupyter-ai-magics==2.31.7", "langchain-openai<1")
    ask = "%%ai openai-chat-custom:m\ngo on {n}"
    environ = {"OPENAI_API_KEY": "no-key", "OPENAI_API_BASE": base_url}
    return python and Contender("jupyter-ai-magics 2.31.7", "%load_ext jupyter_ai_magics", ask, environ, python)


def _ai3(base_url: str, folder: Path) -> Contender | None:
    python = _installed(folder, "jupyter-ai-magic-commands==0.0.4")
    ask = f"%%ai openai/gpt-4o --api-base {base_url}\ngo on {{n}}"
    environ = {"OPENAI_API_KEY": "no-key", "LITELLM_LOCAL_MODEL_COST_MAP": "True"}
    setup = "%load_ext jupyter_ai_magic_commands"
    return python and Contender("jupyter-ai-magic-commands 0.0.4", setup, ask, environ, python)


def _cellmage(base_url: str, folder: Path) -> Contender | None:
    python = _installed(folder, "cellmage", "langchain-openai<1")
    environ = {"CELLMAGE_API_KEY": "no-key", "CELLMAGE_API_BASE": base_url}
    return python and Contender("cellmage", "%load_ext cellmage", "%%llm -m m\ngo on {n}", environ, python)


def _installed(folder: Path, *packages: str) -> str:
    """The interpreter of an environment with these packages, made if need be; "" if it cannot be."""
    place = folder / packages[0].replace("==", "-")
    python = place / "bin" / "python"
    if (place / "complete").exists():
        return str(python)
    print(f"installing {packages[0]} ...", flush=True)
    venv.create(place, with_pip=True, clear=True)
    command = [str(python), "-m", "pip", "install", "--quiet", "ipykernel", *packages]
    try:
        subprocess.run(command, check=True, timeout=PATIENCE, capture_output=True)
    except (subprocess.SubprocessError, OSError) as error:
        print(f"{packages[0]} is left out: it could not be installed ({type(error).__name__})")
        return ""
    (place / "complete").touch()
    return str(python)
