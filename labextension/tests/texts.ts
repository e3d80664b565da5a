/** Documents for the tests of the answer view: nasty Markdown, and payloads that want to become more than text. */

export const NASTY: readonly string[] = [
  '# Title\n\nSome *words*\nand more.\nSetext\n===\n\nother\n---\n',
  '- a\n- b\n\n      code of b\n\n  more of b\n\n1. x\n2. y\n   - [ ] z\n   - [x] w\n\n     ```sql\n     select 1;\n     ```\n',
  'text\n\n    indented\n\n    code\n\n```py\nx = """a\n\ny = 2"""\n```\nafter\n~~~\nopen `fence`\n```\nstill',
  '> quote\nlazy\n> ```r\n> x <- 1\n\n| a | b |\n|:-:|--:|\n| 1 | $x|2$ |\n| `c` | \\| |\n\n<div>\nraw\n</div>\n\n***\n* s\n+ p\n',
  'It costs $5 and $10, or $x_1$, \\(a^2\\), $$b$$ and `$c$`.\n\n$$\n\\frac{1}{2}\n$$\n\n\\[\nx\n\\]\n\n$$\nno\n\nformula\n\n\\[ open',
  'See [a], [b][a] and [^1].\n\nMore [text](https://example.org/x(y) "t") https://example.org/z).\n\n[a]: https://example.org\n[^1]: https://note.example\n',
  '````md\n```py\nx\n```\n````\n\n````\n```\n````\n\n| a |\n\n- **bold\n  `code** x`\n\n&amp; &lt;b&gt; \\* 😀 é\n***\n1) one\n- \n- - nested\n    > deep\n',
  'a\r\nb\r\n\r\n* c\r\n\r\n      d\r\ne  \r\nf\\\r\ng\u0000h'
];

const SCRIPTS = [
  '<script>alert(1)</script>', '<img src=x onerror=alert(1)>', '<svg onload=alert(1)>', '<svg><script href=//e.example/x></script></svg>',
  '<iframe srcdoc="<script>alert(1)</script>"></iframe>', '<object data=//e.example></object>', '<embed src=//e.example>',
  '<body onload=alert(1)>', '<input autofocus onfocus=alert(1)>', '<details open ontoggle=alert(1)>', '<video poster=//e.example/p>',
  '<audio src=//e.example/a onerror=alert(1)>', '<link rel=stylesheet href=//e.example/c>', '<style>@import "//e.example/c"</style>',
  '<base href=//e.example/>', '<meta http-equiv=refresh content="0;url=//e.example">', '<form action=//e.example><button>x</button></form>',
  '<a href="javascript:alert(1)">x</a>', '<div style="background:url(//e.example)">x</div>', '<math><mi xlink:href="javascript:alert(1)">x</mi></math>',
  '<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>', '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
  '<button data-commandlinker-command="x" data-commandlinker-args="{}">x</button>', '<template><script>alert(1)</script></template>',
  '<!--><img src=x onerror=alert(1)>-->', '<![CDATA[<script>alert(1)</script>]]>', '<?php alert(1) ?>', '<x onclick=alert(1)>x</x>'
];

const LINKS = [
  'javascript:alert(1)', 'JaVaScRiPt:alert(1)', 'java&#10;script:alert(1)', '&#106;avascript:alert(1)', 'java%0ascript:alert(1)',
  'data:text/html,<script>alert(1)</script>', 'data:image/svg+xml;base64,PHN2Zz4=', 'vbscript:x', 'file:///etc/passwd', '//e.example/x',
  '/lab/api', '../up', '#name', 'blob:https://e.example/1', 'https://good.example@e.example/', 'https:e.example', 'command:workbench.x', 'about:blank'
];

const FORMULAS = [
  '$\\href{javascript:alert(1)}{x}$', '$\\includegraphics{https://e.example/x.png}$', '$\\url{javascript:alert(1)}$',
  '$\\html{<img src=x onerror=alert(1)>}$', '$\\htmlData{commandlinker-command=x}{y}$', '$\\class{x}{y} \\cssId{a}{b} \\style{background:url(//e.example)}{c}$',
  '$\\def\\a{\\a\\a}\\a$', '$\\color{url(//e.example)}x$', '$\\text{<script>alert(1)</script>}$', '$$\\rule{1e9em}{1e9em}$$',
  '$\\label{x}\\tag{<b>}\\ref{x}$', '$\\unicode{x} \\char"3C$'
];

/** 64 and more: HTML, addresses in links and images, fences, formulas. */
export const HOSTILE: readonly string[] = [
  ...SCRIPTS,
  ...LINKS.flatMap(url => [`[go](${url}) ![see](${url}) <${url}>`, `[go][r] ![see][r]\n\n[r]: ${url} "title\\" onclick=alert(1)"`]),
  ...FORMULAS,
  '```"onclick=alert(1) class=x data-commandlinker-command=y\nx\n```',
  '```py <img src=x onerror=alert(1)>\n<script>alert(1)</script>\n```',
  '- [x] <iframe src=//e.example>\n\n[^1]: <style>*{}</style>\n\nsee[^1]',
  '|a|b|\n|:-|-:|\n|<i>x</i>|[y](javascript:0)|',
  `${'> '.repeat(3000)}deep\n\n${'['.repeat(3000)}\n\n${'*a '.repeat(2000)}\n\n${'$\\frac{'.repeat(500)}`
];
