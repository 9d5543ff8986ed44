"""Reading what a program sends to the JSON interface: the body and the query, checked by pydantic."""

import json
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request

from core.errors import Invalid
from core.web.forms import field_messages

Model = TypeVar("Model", bound=BaseModel)

MEDIA_TYPE = "application/json"
NO_JSON = "内容不是正确的 JSON。"


async def read_json(request: Request, model: type[Model]) -> Model:
    """The body as the model says, to the letter: no text for a number, no number for a time (RFC 8259 §3).

    Raises the answers 415 and 400, and Invalid with the wrong fields.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != MEDIA_TYPE:
        raise HTTPException(415, "请把内容写成 JSON，请求头写 Content-Type: application/json。")
    body = await request.body()
    try:
        is_object = isinstance(json.loads(body), dict)
    except (ValueError, RecursionError):
        raise HTTPException(400, NO_JSON) from None
    if not is_object:
        raise HTTPException(400, "内容要是一个 JSON 对象，用花括号括起来。")
    try:
        return model.model_validate_json(body, strict=True)
    except ValidationError as error:
        if any(fault["type"] == "json_invalid" for fault in error.errors(include_url=False)):
            raise HTTPException(400, NO_JSON) from None  # stricter than Python: half a surrogate pair
        raise Invalid(field_messages(error, model)) from None


def read_query(request: Request, model: type[Model]) -> Model:
    """The query as the model says; names the model does not know are passed over. Raises Invalid."""
    given = {name: text for name, text in request.query_params.items() if text and name in model.model_fields}
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise Invalid(field_messages(error, model)) from None
