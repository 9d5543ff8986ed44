"""Who runs the site: what the head and the foot of every page name. What is not set is not shown."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from core.settings import Settings


@dataclass(frozen=True, slots=True)
class SiteIdentity:
    name: str
    owner: str
    domain: str
    id_code: str
    metas: tuple[tuple[str, str], ...]
    """《政府网站发展指引》网站标签: name and content."""
    facts: tuple[str, ...]
    icp: str
    police: str


def site_identity(settings: Settings) -> SiteIdentity:
    domain = urlsplit(settings.public_url).hostname or ""
    metas = (("SiteName", settings.site_name), ("SiteDomain", domain), ("SiteIDCode", settings.site_id_code))
    facts = (
        ("主办单位", settings.site_owner),
        ("承办单位", settings.site_undertaker),
        ("联系电话", settings.site_phone),
        ("地址", settings.site_address),
        ("邮编", settings.site_postcode),
        ("网站标识码", settings.site_id_code),
        ("信息网络传播视听节目许可证", settings.site_av_licence),
    )
    return SiteIdentity(
        name=settings.site_name,
        owner=settings.site_owner,
        domain=domain,
        id_code=settings.site_id_code,
        metas=tuple((name, content) for name, content in metas if content),
        facts=tuple(f"{name}：{content}" for name, content in facts if content),
        icp=settings.site_icp,
        police=settings.site_police,
    )
