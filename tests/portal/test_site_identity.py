from pathlib import Path

from portal.site_identity import site_identity

from core.settings import load_settings


def test_what_is_not_set_is_not_shown(tmp_path: Path) -> None:
    site = site_identity(load_settings(data_dir=tmp_path))
    assert site.facts == ()
    assert dict(site.metas) == {"SiteName": "法治微课堂", "SiteDomain": "127.0.0.1"}
    assert site.icp == site.police == ""


def test_what_is_set_is_named_in_head_and_foot(tmp_path: Path) -> None:
    settings = load_settings(
        data_dir=tmp_path,
        public_url="https://fz.example.gov.cn",
        site_owner="示例州司法局",
        site_phone="0854-0000000",
        site_id_code="5227000001",
        site_av_licence="示例证 000 号（示例融媒体中心）",
    )
    site = site_identity(settings)
    assert dict(site.metas)["SiteIDCode"] == "5227000001"
    assert dict(site.metas)["SiteDomain"] == "fz.example.gov.cn"
    assert site.facts == (
        "主办单位：示例州司法局",
        "联系电话：0854-0000000",
        "网站标识码：5227000001",
        "信息网络传播视听节目许可证：示例证 000 号（示例融媒体中心）",
    )
