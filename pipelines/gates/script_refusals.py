"""Constructs in a script that would make its examination blind, and are refused with their line.

Belongs here: the few ways to run code that stands nowhere in the script's own text, or to look into the
interpreter that runs it. A script is examined by changing its constants and running it again; code that is
put together while it runs has no constants to change. Does not belong here: what a script may not do
because the sandbox forbids it (files, network).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

_CODE_FROM_DATA = "runs code that does not stand in the script"
_INTERPRETER = "looks into the interpreter that runs it"
_OTHER_PROGRAM = "starts another program"

_MODULES = {
    **dict.fromkeys(("marshal", "pickle", "shelve", "runpy", "code", "codeop", "importlib", "imp"), _CODE_FROM_DATA),
    **dict.fromkeys(("zipimport", "ctypes", "cffi", "_ctypes", "pkgutil", "dill", "joblib"), _CODE_FROM_DATA),
    **dict.fromkeys(("inspect", "dis", "gc", "builtins", "linecache", "traceback", "tracemalloc"), _INTERPRETER),
    **dict.fromkeys(("subprocess", "multiprocessing", "pty", "_posixsubprocess", "concurrent"), _OTHER_PROGRAM),
}
_NAMES = {
    **dict.fromkeys(("eval", "exec", "compile", "__import__", "breakpoint"), _CODE_FROM_DATA),
    **dict.fromkeys(("globals", "locals", "vars", "__builtins__", "__loader__", "__spec__"), _INTERPRETER),
    **dict.fromkeys(("__doc__", "__annotations__"), _INTERPRETER),
}
_ENDINGS = ("v", "ve", "vp", "vpe", "l", "le", "lp", "lpe")
_ATTRIBUTES = {
    **dict.fromkeys(("system", "popen", "fork", "forkpty", "posix_spawn", "posix_spawnp"), _OTHER_PROGRAM),
    **{f"exec{end}": _OTHER_PROGRAM for end in _ENDINGS},
    **{f"spawn{end}": _OTHER_PROGRAM for end in _ENDINGS},
    **dict.fromkeys(("_getframe", "modules", "settrace", "setprofile", "tb_frame", "f_back", "f_code"), _INTERPRETER),
    **dict.fromkeys(("co_consts", "co_code", "gi_frame", "meta_path", "path_hooks", "_current_frames"), _INTERPRETER),
    **dict.fromkeys(("FunctionType", "CodeType", "LambdaType"), _CODE_FROM_DATA),
}
_OF_SYS = {"path": "reaches for code outside the script"}
_DUNDER_KEPT = frozenset({"__init__", "__post_init__", "__name__", "__file__", "__enter__", "__exit__"})
_DUNDER = re.compile(r"__[a-z]+__")
_LINE_OF_ENVIRONMENT = "looks at the settings of the run"
_ENVIRONMENT = frozenset({"environ", "environb", "getenv", "getenvb"})


def refused(tree: ast.Module) -> tuple[int, str] | None:
    """The first refused construct: its line and what it does, in words."""
    found = sorted(_refusals(tree))
    return found[0] if found else None


def _refusals(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, why) for name in node.names if (why := _MODULES.get(_top(name.name))))
        elif isinstance(node, ast.ImportFrom):
            yield from _from(node)
        elif isinstance(node, ast.Name) and node.id in _NAMES:
            yield node.lineno, _NAMES[node.id]
        elif isinstance(node, ast.Attribute):
            yield from _attribute(node)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and _reaches_in(node.value):
            yield node.lineno, _INTERPRETER
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield from _named_at_run_time(node, node.func.id)


def _reaches_in(text: str) -> bool:
    """Whether a string names what only the interpreter is reached by, for `attrgetter` or a format."""
    return any(name not in _DUNDER_KEPT and name != "__main__" for name in _DUNDER.findall(text))


def _top(name: str) -> str:
    return name.partition(".")[0]


def _from(node: ast.ImportFrom) -> Iterator[tuple[int, str]]:
    module = _top(node.module or "")
    if node.level:
        yield node.lineno, _OF_SYS["path"]
    if why := _MODULES.get(module):
        yield node.lineno, why
    for name in node.names:
        if module == "sys" and name.name in _OF_SYS:
            yield node.lineno, _OF_SYS[name.name]
        elif module == "os" and name.name in _ENVIRONMENT:
            yield node.lineno, _LINE_OF_ENVIRONMENT
        elif module in ("os", "sys", "types", "posix") and (why := _ATTRIBUTES.get(name.name)):
            yield node.lineno, why
        elif name.name == "*" and module in ("os", "sys", "types", "posix"):
            yield node.lineno, _INTERPRETER


def _attribute(node: ast.Attribute) -> Iterator[tuple[int, str]]:
    owner = node.value.id if isinstance(node.value, ast.Name) else ""
    if node.attr in _ATTRIBUTES:
        yield node.lineno, _ATTRIBUTES[node.attr]
    elif node.attr.startswith("__") and node.attr.endswith("__") and node.attr not in _DUNDER_KEPT:
        yield node.lineno, _INTERPRETER
    elif node.attr in _OF_SYS and owner == "sys":
        yield node.lineno, _OF_SYS[node.attr]
    elif node.attr in _ENVIRONMENT:
        yield node.lineno, _LINE_OF_ENVIRONMENT


def _named_at_run_time(node: ast.Call, name: str) -> Iterator[tuple[int, str]]:
    """getattr with a name that does not stand in the script, or with one that is refused."""
    if name not in ("getattr", "setattr", "delattr", "hasattr") or len(node.args) < 2:
        return
    asked = node.args[1]
    literal = isinstance(asked, ast.Constant) and isinstance(asked.value, str)
    if not literal or ast.literal_eval(asked) in _ATTRIBUTES.keys() | _NAMES.keys():
        yield node.lineno, _INTERPRETER
