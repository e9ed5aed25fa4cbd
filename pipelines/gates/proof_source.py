"""The files of a proof as they were sent in: what is asked of them before anything runs, and what catches the eye.

Belongs here: the question (which theorems, stated where), and hints from the text. Does not belong here: a
verdict. A hint is for the eyes of a person: Lean's text can say anything in many ways, and no list finds them all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipelines.gates.artifact import Artifact, ArtifactKind
from pipelines.gates.attempt import CheckFault
from pipelines.models import Claim

MOST_SOURCE = 1_000_000  # bytes of a file
_PART = r"[^\W\d][\w'!?]*"
_THEOREM = re.compile(rf"{_PART}(?:\.{_PART}){{0,30}}")
_COMMENT = re.compile(r"/-.*?-/|--[^\n]*", re.DOTALL)

# Rule, what it looks for, why it matters.
_HINTS: tuple[tuple[str, re.Pattern[str], str], ...] = (
    ("sorry", re.compile(r"\b(sorry|admit|sorryAx|stop)\b"), "leaves a hole in a proof"),
    ("native", re.compile(r"\bnative_decide\b|\+native\b|\bbv_decide\b|\bofReduce(Bool|Nat)\b"), "trusts the compiler"),
    ("axiom", re.compile(r"^\s*(?:@\[[^\]]*\]\s*)?(?:\w+\s+)*axiom\b", re.MULTILINE), "assumes what it does not prove"),
    ("implemented-by", re.compile(r"\bimplemented_by\b|\bextern\b|\bcsimp\b"), "replaces a definition when it is run"),
    ("unsafe", re.compile(r"\bunsafe\b|\bunsafeCast\b|\bunsafeIO\b"), "is outside what Lean guarantees"),
    ("skips-kernel", re.compile(r"skipKernelTC|addDeclWithoutChecking|addDeclCore|\bdebug\."), "passes by the kernel"),
    ("option", re.compile(r"\bset_option\b|\bwithOptions\b|\bsetBool\b"), "changes how Lean reads the file"),
    ("runs-code", re.compile(r"#eval|\brun_(cmd|elab|meta|tac)\b|\binitialize\b|\bIO\.|\belab\b|\belab_rules\b"),
     "runs code while it is read"),
    ("changes-language", re.compile(r"\b(notation|macro|macro_rules|syntax|infixl?|infixr|prefix|postfix)\b"),
     "changes what later text means"),
    ("environment", re.compile(r"\b(setEnv|modifyEnv|getEnv|Environment)\b|^\s*prelude\b", re.MULTILINE),
     "touches the environment that proofs live in"),
    ("auto-implicit", re.compile(r"autoImplicit\s+true"), "turns a misspelt word into a variable"),
)  # fmt: skip


@dataclass(frozen=True)
class Question:
    """What is to be proved: `statement` says it with `sorry` for a proof, `solution` is the hostile file."""

    theorems: tuple[str, ...]
    statement: bytes
    solution: bytes
    environment: str


class NoQuestion(Exception):
    """The artifact asks for nothing that could be proved; with a sentence."""


def question_of(artifact: Artifact, claim: Claim) -> Question:
    """Raises NoQuestion."""
    manifest = artifact.manifest
    if manifest.kind is not ArtifactKind.LEAN:
        raise NoQuestion("the artifact is not a Lean proof")
    if manifest.claim != claim.claim_id:
        raise NoQuestion("the artifact is for another claim")
    if not manifest.theorems:
        raise NoQuestion("the artifact names no theorem, so there is nothing that its proof would show")
    for theorem in manifest.theorems:
        if len(theorem) > 200 or not _THEOREM.fullmatch(theorem):
            raise NoQuestion(f"{theorem[:60]!r} is not the name of a theorem")
    if len(set(manifest.theorems)) != len(manifest.theorems):
        raise NoQuestion("the artifact names a theorem twice")
    if manifest.statement is None or manifest.statement == manifest.entry:
        raise NoQuestion("the artifact has no statement of its own, apart from the solution")
    statement, solution = (_source(artifact, path) for path in (manifest.statement, manifest.entry))
    return Question(manifest.theorems, statement, solution, manifest.runtime)


def _source(artifact: Artifact, path: str) -> bytes:
    data = artifact.files.get(path)
    if data is None:
        raise NoQuestion(f"the artifact has no file {path[:100]}")
    if len(data) > MOST_SOURCE:
        raise NoQuestion(f"{path[:100]} has more than {MOST_SOURCE:,} bytes")
    try:
        data.decode()
    except UnicodeDecodeError as problem:
        raise NoQuestion(f"{path[:100]} is not UTF-8") from problem
    return data


def source_hints(question: Question) -> tuple[CheckFault, ...]:
    """What a person should look at, each rule once a file. `sorry` is how a statement is written, so not there."""
    found = []
    for name, data in (("statement", question.statement), ("solution", question.solution)):
        text = _COMMENT.sub(lambda match: "\n" * match[0].count("\n"), data.decode())
        for rule, pattern, why in _HINTS:
            match = pattern.search(text)
            if match and not (rule == "sorry" and name == "statement"):
                line = text.count("\n", 0, match.end()) + 1
                found.append(
                    CheckFault(rule=f"lean-{rule}", message=f"{name}, line {line}: `{match[0].strip()[:60]}` {why}")
                )
    return tuple(found)
