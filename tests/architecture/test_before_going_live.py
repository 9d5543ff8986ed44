"""docs/上线前须确认.md: what it says of a setting is what the code does."""

import re

from core.settings import Settings, variable
from tests.support.repository import ROOT

PAGE = ROOT / "docs" / "上线前须确认.md"
DEFAULTS = {variable(name): field.default for name, field in Settings.model_fields.items()}


def test_every_default_it_names_is_the_default() -> None:
    named = re.findall(r"`(WEIKETANG_[A-Z_]+)`，默认 `([^`]+)`", PAGE.read_text("utf-8"))
    assert len(named) > 25
    for name, default in named:
        value = DEFAULTS[name]
        assert default == (str(value).lower() if isinstance(value, bool) else str(value)), name


def test_it_names_the_decisions_that_only_the_bureau_can_make() -> None:
    page = PAGE.read_text("utf-8")
    for words in ("轮值规则", "视听节目许可证", "国办函〔2026〕12号", "身份证号", "保存多久", "普法提示"):
        assert words in page
