from transcripts.cues.statutes import find_statutes
from transcripts.glossary.seed import CHINA, seed
from transcripts.models.glossary import TermKind


def count(kind: TermKind) -> int:
    return sum(each is kind for each in seed().terms.values())


def test_there_is_enough_to_begin_with() -> None:
    assert count(TermKind.LAW) >= 120
    assert count(TermKind.TERM) >= 150
    assert count(TermKind.ORGAN) >= 40
    counties = (
        "都匀市",
        "福泉市",
        "荔波县",
        "贵定县",
        "瓮安县",
        "独山县",
        "平塘县",
        "罗甸县",
        "长顺县",
        "龙里县",
        "惠水县",
    )
    assert all(
        seed().terms[name] is TermKind.PLACE for name in (*counties, "三都水族自治县", "黔南布依族苗族自治州")
    )


def test_terms_are_well_formed() -> None:
    assert all(2 <= len(term) <= 60 and term == "".join(term.split()) for term in seed().terms)
    assert not any("《" in term for term in seed().terms)


def test_every_name_of_a_law_leads_to_its_full_name() -> None:
    laws = seed().laws
    assert laws["行政复议法"] == laws[f"{CHINA}行政复议法"] == laws["复议法"] == f"{CHINA}行政复议法"
    assert laws["行政执法监督条例"] == "行政执法监督条例"
    assert set(laws.values()) <= laws.keys()


def test_every_name_of_a_law_is_recognised_in_speech() -> None:
    for name, full in seed().laws.items():
        assert [each.law for each in find_statutes(f"根据{name}第三条的规定")] == [full], name


def test_a_law_that_is_no_longer_in_force_is_recognised_and_no_term() -> None:
    assert seed().laws["环境保护法"] == f"{CHINA}环境保护法"
    assert "环境保护法" not in seed().terms
    assert "生态环境法典" in seed().terms
