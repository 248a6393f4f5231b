"""Write text alike: width, white space, case, company forms."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal

import pandas as pd
from pydantic import Field, model_validator

from cleaning.operations.code import each
from cleaning.operations.conversion import mapped, text_cells
from cleaning.operations.fields import Names
from cleaning.operations.operation import Effect, Fitted, Operation, Outline, Said, assigned
from tabular.errors import gettext_noop

# A company's form in its short and stretched spellings, a dot inside the brackets allowed: (株), （株．）, ㈱, ㍿.
FORMS = {
    "株式会社": r"㈱|㍿|[(（]\s*株\s*[.．。・･]?\s*[)）]|株\s*式\s*会\s*社",
    "有限会社": r"㈲|[(（]\s*有\s*[.．。・･]?\s*[)）]|有\s*限\s*会\s*社",
}
EITHER = "|".join(FORMS)
IN_FRONT = rf"^(\s*)({EITHER})\s+(?=\S)"
BEHIND = rf"(?<=\S)\s+({EITHER})(?=\s|$)"
WORD = r"[^\W\d_]+(?:['’][^\W\d_]+)*"


class NormaliseText(Operation):
    """Writes text alike, in this order: ``width``, ``company``, ``spaces``, ``trim``, ``case``. What is empty then
    becomes missing.

    ``width`` is NFKC: full-width letters and digits become half-width, half-width katakana full-width, ligatures and
    circled or squared signs (①, ㌔, ™) plain characters. ``spaces``: every run of white space, line breaks and the
    ideographic space too, becomes one space. ``title`` begins every word with a capital (O'Neil's becomes O'neil's).
    ``company`` writes ㈱, (株) and 株 式 会 社 as 株式会社 where they stand, the same for 有限会社; space between the
    form and the name is dropped where the form begins the text or stands as a word behind the name.
    """

    operation: ClassVar = "normalise_text"
    title: ClassVar = gettext_noop("Normalise text")
    imports: ClassVar = ("import re", "import unicodedata")

    columns: Names
    trim: bool = Field(default=True, description="Drop white space at both ends.")
    spaces: bool = Field(default=True, description="Make every run of white space one space.")
    width: bool = Field(default=True, description="NFKC: full-width letters and digits to half-width, and the like.")
    case: Literal["lower", "upper", "title"] | None = None
    company: bool = Field(default=False, description="Write ㈱ and (株) as 株式会社, ㈲ and (有) as 有限会社.")

    @model_validator(mode="after")
    def _changes_something(self) -> "NormaliseText":
        if not (self.trim or self.spaces or self.width or self.case or self.company):
            raise ValueError("at least one of trim, spaces, width, case, company")
        return self

    def outline(self, before: Outline) -> Outline:
        before.require(self.columns, ("text",))
        return before

    def writes(self, before: Outline) -> Sequence[str]:
        return self.columns

    def apply(self, frame: pd.DataFrame, fitted: Fitted) -> pd.DataFrame:
        return assigned(frame, {name: mapped(text_cells(frame, name), self.normal, "str") for name in self.columns})

    def normal(self, text: str) -> str | None:
        if self.width:
            text = unicodedata.normalize("NFKC", text)
        if self.company and re.search("[株有㈱㈲㍿]", text):  # most texts have none, and are done with sooner
            for form, spellings in FORMS.items():
                text = re.sub(spellings, form, text)
            text = re.sub(BEHIND, r"\1", re.sub(IN_FRONT, r"\1\2", text))
        if self.spaces:
            text = re.sub(r"\s+", " ", text)
        if self.trim:
            text = text.strip()
        match self.case:
            case "lower":
                text = text.lower()
            case "upper":
                text = text.upper()
            case "title":
                text = re.sub(WORD, lambda word: word[0].capitalize(), text)
        return text or None

    def snippet(self, before: Outline) -> str:
        steps = [
            *(['text = unicodedata.normalize("NFKC", text)'] if self.width else []),
            *(self._company_lines() if self.company else []),
            *([r'text = re.sub(r"\s+", " ", text)'] if self.spaces else []),
            *(["text = text.strip()"] if self.trim else []),
        ]
        match self.case:
            case "lower" | "upper":
                steps.append(f"text = text.{self.case}()")
            case "title":
                steps.append(f'text = re.sub(r"{WORD}", lambda word: word[0].capitalize(), text)')
        body = "\n".join(f"    {line}" for line in [*steps, "return text or None"])
        call = each(self.columns, lambda c: f'df[{c}] = df[{c}].map(normal, na_action="ignore")')
        return f"def normal(text):\n{body}\n\n{call}"

    def _company_lines(self) -> list[str]:
        forms = [f'text = re.sub(r"{spellings}", "{form}", text)' for form, spellings in FORMS.items()]
        joined = [f'text = re.sub(r"{IN_FRONT}", r"\\1\\2", text)', f'text = re.sub(r"{BEHIND}", r"\\1", text)']
        return forms + joined

    def describe(self) -> Said:
        done = [name for name in ("width", "company", "spaces", "trim") if getattr(self, name)]
        ways = done + ([self.case] if self.case else [])
        return Said(
            gettext_noop("Writes the text of %(columns)s alike: %(ways)s."),
            {"columns": list(self.columns), "ways": ways},
        )

    def estimate(self, profile: Mapping[str, Any]) -> Effect:
        return Effect(cells=None)
