"""Steps as pandas code to read, paste and run. It is written for people; the product itself never runs it."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.services.code import SourceFacts, loader
from cleaning.engine.running import Step
from cleaning.operations import Outline
from cleaning.operations.code import comment
from tabular.errors import TableError
from tabular.schema import Dtype


@dataclass(frozen=True, slots=True)
class Rendered:
    """``code`` of one step with the imports it needs; ``problem`` when it could not work where it stands."""

    imports: tuple[str, ...]
    body: str
    problem: TableError | None = None

    @property
    def code(self) -> str:
        return "\n".join([*self.imports, self.body])


def render(steps: Sequence[Step], columns: Mapping[str, Dtype], skipped: Collection[int] = ()) -> dict[int, Rendered]:
    """By the step's order. A step that can't work on what the steps before leave is rendered all the same."""
    outline, found = Outline(dict(columns)), {}
    for step in steps:
        problem, after = None, outline
        try:
            after = step.operation.outline(outline)
        except TableError as error:
            problem = error
        body = _body(step, outline)
        found[step.order] = Rendered(tuple(_used(step.operation.imports, body)), body, problem)
        if step.order not in skipped:
            outline = after
    return found


def _used(imports: Sequence[str], body: str) -> Iterator[str]:
    """Those import lines whose names occur in the code."""
    for line in imports:
        names = re.split(r",\s*", line.split("import ")[-1])
        used = [name for name in names if re.search(rf"\b{re.escape(name.split()[-1])}\b", body)]
        if used:
            yield line[: line.index("import ") + 7] + ", ".join(used)


def _body(step: Step, outline: Outline) -> str:
    try:
        return step.operation.snippet(outline)
    except TableError as error:
        return comment(f"{step.operation.operation}: {error}")


def script(title: str, steps: Sequence[tuple[Step, str]], source: SourceFacts) -> str:
    """The whole plan: ``python script.py INPUT OUTPUT.csv``. ``steps`` come with a sentence each, for a comment.

    ``load`` reads the file as the product has read it.
    """
    made = render([step for step, _said in steps], {column.name: column.dtype for column in source.columns})
    imports = {line for one in made.values() for line in one.imports}
    loading = loader(source)
    body = ["    df = df.copy()"]
    for step, said in steps:
        body += ["", f"    {comment(f'{step.order}. {said}')}"]
        body += [f"    {line}" if line else "" for line in made[step.order].body.splitlines()]
    lines = sorted(imports | set(loading.imports) | {"import sys", "import numpy as np", "import pandas as pd"})
    plain = [line for line in lines if line.startswith("import ")]
    pieces: list[str] = [
        f'"""{_docstring(title)}\n\n    python script.py INPUT OUTPUT.csv\n"""',
        "\n".join(plain + [line for line in lines if not line.startswith("import ")]),
        loading.facts,
        "\n" + loading.body,
        "\ndef clean(df):\n" + "\n".join([*body, "", "    return df"]),
        '\nif __name__ == "__main__":\n    clean(load(sys.argv[1], SOURCE)).to_csv(sys.argv[2], index=False)',
    ]
    return "\n\n".join(pieces) + "\n"


def _docstring(text: Any) -> str:
    plain = "".join(char if char.isprintable() else " " for char in str(text))
    return plain.replace("\\", "/").replace('"', "'")
