"""值班: whether a lecture may go on the air without anybody watching over it."""

from accounts.models import Unit
from core.settings import Settings
from schedules.models import Broadcast


async def is_duty_required(settings: Settings) -> bool:
    """Whether no lecture may begin without somebody on duty: `auto` asks it of every roster but the sample one."""
    match settings.duty_officer_required:
        case "on":
            return True
        case "off":
            return False
        case "auto":
            return await Unit.exists(is_sample=False)


async def lacks_duty_officer(broadcast: Broadcast, settings: Settings) -> bool:
    """Whether somebody must be on duty for this lecture and nobody is. Sample lectures are a show."""
    if broadcast.duty_officer_id is not None or broadcast.is_sample:
        return False
    return await is_duty_required(settings)
