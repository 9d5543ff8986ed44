"""The settings of counting; the definition itself is kept in rows. A part of core.settings."""

from pydantic_settings import BaseSettings

from core.setting_fields import whole


class AudienceSettings(BaseSettings):
    # taking beacons in
    beacon_batch_ms: int = whole(200, "收看上报最多攒多少毫秒写一次库，写完才回答", least=10, most=1000)
    beacon_batch_rows: int = whole(500, "收看上报一次写库最多多少条", most=5000)
    beacon_queue_rows: int = whole(20_000, "收看上报最多排队多少条，再多就请播放器稍后重报", least=100)
    beacon_list_most: int = whole(120, "一次提交最多多少条收看上报", most=1000)
    beacon_ranges_most: int = whole(120, "一条收看上报最多多少段", most=1000)
    beacon_offline_seconds: int = whole(
        120, "断网期间播放的内容，重新连上后一次最多可以补报多少秒", least=30, most=3600
    )
    beacons_per_address_minute: int = whole(
        30_000, "同一地址一分钟最多多少条收看上报；整个机关常在一个地址后面，不能低于 2000", least=2000
    )
    live_late_minutes: int = whole(5, "直播结束后多少分钟内到的直播收看上报仍算直播", least=1, most=60)

    viewer_cookie_days: int = whole(
        180, "浏览器随机标识保存多少天；只用来把同一浏览器的重复打开算作一次", most=400
    )

    # what is kept
    beacon_months: int = whole(24, "收看上报的原始记录保存多少个月", least=6, most=1200)
    hidden_below: int = whole(5, "对公众隐藏小于多少的数字", least=1, most=100)
    statistics_per_minute: int = whole(60, "一个接口令牌一分钟最多读多少次统计", most=10_000)
    group_sessions_most: int = whole(500, "一个单位一期最多填报多少场集中收看", most=10_000)
    group_file_kib: int = whole(200, "上传的集中收看情况表最大多少 KiB", most=10_240)
    group_file_rows: int = whole(400, "集中收看情况表最多多少行", most=10_000)
    group_people_most: int = whole(200_000, "一个单位一期集中收看最多填报多少人", most=10_000_000)
