"""The types of all entries of a manifest and of the findings that this version reads."""

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from experiments.results.layout import MANIFEST, RUNS
from experiments.results.untrusted import unsafe_name
from model.schema.problems import MOST, Problem, at_most, visible, written

MOST_ARMS = 10_000
MOST_WORLDS = 10**11


def _inside(name: str) -> str:
    if why := unsafe_name(name):
        raise ValueError(why)
    return name


def _with_runs(files: dict[str, str]) -> dict[str, str]:
    if RUNS not in files:
        raise ValueError(f"must list {RUNS}")
    return files


type Number = Annotated[int, Field(ge=0, le=MOST_WORLDS)]
type FileName = Annotated[str, AfterValidator(_inside)]
type Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
type Scalar = bool | int | float | str | None
type Ends = Annotated[list[int | float | None], Field(min_length=3, max_length=3)]


class _Part(BaseModel):
    """A part of a manifest. Later versions may add entries, and nothing reads those."""

    model_config = ConfigDict(extra="allow", strict=True, allow_inf_nan=False)


class _Level(_Part):
    label: str
    settings: dict[str, Any]


class _Factor(_Part):
    title: str
    levels: list[_Level]


class _Measure(_Part):
    title: str
    unit: str


class _About(_Part):
    title: str = ""
    question: str = ""
    hypothesis: str = ""
    expected: str = ""
    scenario: str = ""
    limits: str = ""
    sources: list[str] = []
    caveats: list[str] = []
    cards: list[FileName] = []
    figures: dict[FileName, str] = {}
    settings: dict[str, Any] = {}
    factors: dict[str, _Factor] = {}
    cells: list[dict[str, str]] = []
    contexts: list[dict[str, int | float]] = []
    measures: dict[str, _Measure] = {}


class _Time(_Part):
    horizon: Number = 0


class _Scenario(_Part):
    """What pages show of a scenario, also of one that only another version can run."""

    name: str = ""
    title: str = ""
    description: str = ""
    start: str = ""
    time: _Time = _Time()


class _Arm(_Part):
    name: str
    scenario: _Scenario


class _Processor(_Part):
    machine: str = ""
    system: str = ""
    simd: list[str] = []


class _Manifest(_Part):
    format: str
    kind: str
    name: str = ""
    about: _About
    command: str | None = None
    seed: Annotated[int, Field(ge=0, le=2**64 - 1)]
    engine: str = ""
    engine_reason: str = ""
    worlds: Number
    points: Annotated[int, Field(ge=1, le=MOST_WORLDS)] = 1
    worlds_per_point: Number = 0
    swept: list[str]
    record: list[str] = []
    failed_chunks: Number = 0
    files: Annotated[dict[FileName, Hash], AfterValidator(_with_runs)]
    columns: list[dict[str, str]] = []
    versions: dict[str, str] = {}
    processor: _Processor = _Processor()
    winset: str = ""
    commit: str | None = None
    code: str = ""
    study: dict[str, Any] = {}
    arms: Annotated[list[_Arm], Field(min_length=1, max_length=MOST_ARMS)]


class _Finding(_Part):
    claim: str
    verdict: str
    effect: Ends
    each: list[Ends]
    unit: str
    held: Number
    detail: str = ""
    sentence: str = ""


class _Findings(_Part):
    findings: list[_Finding]


class StudyModel(_Part):
    """The types of study.json, which describes a batch that is not finished."""

    fingerprint: str
    identity: dict[str, Any]
    engine_reason: str = ""
    name: str
    kind: str
    about: _About
    command: str
    seed: Annotated[int, Field(ge=0, le=2**64 - 1)]
    worlds: Number
    points: Number
    swept: list[str]
    record: list[str]
    by_point: bool
    chunks: Annotated[
        list[Annotated[list[Number], Field(min_length=2, max_length=2)]], Field(min_length=1)
    ]
    arm_of_chunk: list[str]
    arms: list[_Arm]


def manifest_problems(content: dict[str, Any], remedy: str) -> list[Problem]:
    """Return the entries of a manifest that have the wrong type, as problems."""
    return _problems(_Manifest, content, MANIFEST, remedy)


def findings_problems(content: Any, file: str, remedy: str) -> list[Problem]:
    """Return the entries of a list of findings that have the wrong type, as problems."""
    return _problems(_Findings, {"findings": content}, file, remedy)


def study_problems(content: dict[str, Any], file: str, remedy: str) -> list[Problem]:
    """Return the entries of the description of a batch that have the wrong type, as problems."""
    return _problems(StudyModel, content, file, remedy)


def _problems(
    model: type[BaseModel], content: dict[str, Any], file: str, remedy: str
) -> list[Problem]:
    try:
        model.model_validate(content)
    except ValidationError as error:
        wrong = error.errors(include_url=False)
    else:
        return []
    problems = []
    for one in wrong[:MOST]:
        missing = one["type"] == "missing"
        why = "it is missing" if missing else one["msg"].replace("Input should", "must")
        why = why.removeprefix("Value error, ")
        shown = "" if missing else written(one["input"])
        place = ".".join(visible(str(part))[:60] for part in one["loc"])
        problems.append(Problem(f"{file} {place}".rstrip(), shown, why, remedy))
    return at_most(problems, len(wrong) - len(problems))
