"""Forms on pydantic: what was typed comes back, the errors at their fields, in words that say the remedy."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from starlette.datastructures import FormData
from starlette.requests import Request

from core.errors import Invalid

FormModel = TypeVar("FormModel", bound=BaseModel)

MAX_FIELDS = 100
MAX_FILES = 0


@dataclass(slots=True)
class Form(Generic[FormModel]):
    """A filled form: values as typed (for showing again), errors by field, data when there are none."""

    values: Mapping[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    data: FormModel | None = None

    def value(self, name: str, default: str = "") -> str:
        return self.values.get(name, default)

    def take(self, invalid: Invalid) -> None:
        """Put a service's refusal at the fields it names."""
        self.errors.update(invalid.fields)


async def read_form(request: Request, model: type[FormModel]) -> Form[FormModel]:
    """Read and check a submitted form; an empty field counts as not filled in."""
    async with request.form(max_fields=MAX_FIELDS, max_files=MAX_FILES) as submitted:
        return check_form(_texts(submitted), model)


def check_form(values: Mapping[str, str], model: type[FormModel]) -> Form[FormModel]:
    filled = {
        name: text for name, text in values.items() if text.strip() != "" and name in model.model_fields
    }
    try:
        return Form(values, data=model.model_validate(filled))
    except ValidationError as error:
        return Form(values, errors=field_messages(error, model))


def _texts(submitted: FormData) -> dict[str, str]:
    return {name: value for name, value in submitted.items() if isinstance(value, str)}


def field_messages(error: ValidationError, model: type[BaseModel]) -> dict[str, str]:
    messages: dict[str, str] = {}
    for detail in error.errors(include_url=False):
        name = str(detail["loc"][0]) if detail["loc"] else ""
        label = _label(model.model_fields.get(name), name)
        messages.setdefault(name, _sentence(detail["type"], label, detail.get("ctx", {}), detail["msg"]))
    return messages


def _label(info: FieldInfo | None, name: str) -> str:
    return info.title if info is not None and info.title else name


def _sentence(kind: str, label: str, context: Mapping[str, Any], message: str) -> str:
    """kind: pydantic's error type (https://docs.pydantic.dev/latest/errors/validation_errors/)."""
    if kind == "value_error":  # raised by our own validators, in our own words
        return str(context["error"])
    templates = {
        "missing": "请填写{label}。",
        "string_too_long": "{label}不能超过 {max_length} 个字，请缩短。",
        "string_too_short": "{label}至少要有 {min_length} 个字。",
        "int_parsing": "{label}请填整数。",
        "int_from_float": "{label}请填整数。",
        "greater_than_equal": "{label}不能小于 {ge}。",
        "less_than_equal": "{label}不能大于 {le}。",
        "enum": "请从列表中选择{label}。",
        "literal_error": "请从列表中选择{label}。",
    }
    template = templates.get(kind)
    if template is None:
        return f"{label}填写有误，请核对后再填。"
    return template.format(label=label, **context)
