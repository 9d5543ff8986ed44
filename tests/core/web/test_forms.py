from typing import Literal

from pydantic import BaseModel, Field, field_validator

from core.errors import Invalid
from core.web.forms import check_form


class Example(BaseModel):
    title: str = Field(title="标题", min_length=2, max_length=5)
    amount: int = Field(3, title="数目", ge=1, le=9)
    kind: Literal["a", "b"] = Field("a", title="类别")
    note: str = Field("", title="备注")

    @field_validator("note")
    @classmethod
    def _calm(cls, note: str) -> str:
        if "!" in note:
            raise ValueError("备注里不要用感叹号。")
        return note


def test_a_good_form_gives_its_data() -> None:
    form = check_form({"title": "行政复议", "amount": "4"}, Example)
    assert form.data is not None
    assert form.data.model_dump() == {"title": "行政复议", "amount": 4, "kind": "a", "note": ""}
    assert form.errors == {}


def test_an_empty_field_counts_as_not_filled_in() -> None:
    form = check_form({"title": "  ", "amount": ""}, Example)
    assert form.data is None
    assert form.errors == {"title": "请填写标题。"}


def test_each_fault_says_the_remedy_in_words() -> None:
    cases = {
        "标题不能超过 5 个字，请缩短。": {"title": "一二三四五六"},
        "标题至少要有 2 个字。": {"title": "一"},
        "数目请填整数。": {"title": "一二", "amount": "x"},
        "数目不能小于 1。": {"title": "一二", "amount": "0"},
        "数目不能大于 9。": {"title": "一二", "amount": "10"},
        "请从列表中选择类别。": {"title": "一二", "kind": "c"},
        "备注里不要用感叹号。": {"title": "一二", "note": "好!"},
    }
    for sentence, values in cases.items():
        assert list(check_form(values, Example).errors.values()) == [sentence]


def test_what_was_typed_is_kept_as_it_was() -> None:
    form = check_form({"title": "一", "amount": "x"}, Example)
    assert form.value("amount") == "x"
    assert form.value("note", "默认") == "默认"


def test_fields_the_form_does_not_have_are_left_out() -> None:
    form = check_form({"title": "一二", "role": "administrator"}, Example)
    assert form.data is not None
    assert "role" not in form.data.model_dump()


def test_a_services_refusal_is_put_at_its_fields() -> None:
    form = check_form({"title": "一二"}, Example)
    form.take(Invalid({"title": "已经有了。"}))
    assert form.errors == {"title": "已经有了。"}
