"""Reading what a program sends to the JSON interface: the body and the query, checked by pydantic."""

import json
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request

from core.errors import Invalid
from core.web.forms import field_messages

Model = TypeVar("Model", bound=BaseModel)

MEDIA_TYPE = "application/json"


async def read_json(request: Request, model: type[Model]) -> Model:
    """The body as the model says. Raises the answers 415 and 400, and Invalid with the wrong fields."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != MEDIA_TYPE:
        raise HTTPException(415, "请把内容写成 JSON，请求头写 Content-Type: application/json。")
    try:
        content = json.loads(await request.body())
    except (ValueError, RecursionError):
        raise HTTPException(400, "内容不是正确的 JSON。") from None
    if not isinstance(content, dict):
        raise HTTPException(400, "内容要是一个 JSON 对象，用花括号括起来。")
    return _checked(content, model)


def read_query(request: Request, model: type[Model]) -> Model:
    """The query as the model says; names the model does not know are passed over. Raises Invalid."""
    given = {name: text for name, text in request.query_params.items() if text and name in _names(model)}
    return _checked(given, model)


def _names(model: type[BaseModel]) -> set[str]:
    return {field.alias or name for name, field in model.model_fields.items()}


def _checked(content: dict[str, Any], model: type[Model]) -> Model:
    try:
        return model.model_validate(content)
    except ValidationError as error:
        raise Invalid(field_messages(error, model)) from None
