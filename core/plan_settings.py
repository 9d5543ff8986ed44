"""The settings of the plan: rota, hand-ins, reminders, 普法提示, the public calendar. A part of core.settings."""

from typing import Literal

from pydantic_settings import BaseSettings

from core.setting_fields import setting, whole


class PlanSettings(BaseSettings):
    # the plan of a lecture
    rota_rule: Literal["A", "B"] = setting(
        "B",
        "轮值规则：A 全部单位一个队列；B 每月一个州级单位、一个县（市）",
        "A 或 B",
    )
    rota_weekday: int = whole(4, "轮值讲座安排在星期几；1 是星期一，7 是星期日", most=7)
    rota_weeks: str = setting(
        "2,4",
        "每月第几个这样的星期几有轮值讲座，一个月两期",
        "两个 1 到 4 的数，从小到大，用逗号隔开",
        pattern=r"^(1,[2-4]|2,[34]|3,4)$",
    )
    rota_time: str = setting(
        "15:00", "轮值讲座几点开始（北京时间）", "24 小时制的时和分", pattern=r"^([01]\d|2[0-3]):[0-5]\d$"
    )

    # from duty to lecture
    deadline_remind_days: int = whole(20, "开播前第几个工作日提醒单位准备", most=120)
    deadline_hand_in_days: int = whole(10, "开播前第几个工作日前单位报送主题、主讲人和材料", most=120)
    deadline_unit_review_days: int = whole(7, "开播前第几个工作日前单位初审", most=120)
    deadline_bureau_review_days: int = whole(5, "开播前第几个工作日前州局审核", most=120)
    deadline_notice_days: int = whole(3, "开播前第几个工作日发布预告和二维码", most=120)
    deadline_rehearsal_days: int = whole(1, "开播前第几个工作日试推流", most=120)
    deadline_replay_days: int = whole(1, "开播后第几个工作日前回看上线", most=120)
    deadline_subtitles_days: int = whole(3, "开播后第几个工作日前校对并发布字幕", most=120)
    deadline_feedback_days: int = whole(5, "开播后第几个工作日前单位报集中收看情况", most=120)
    bureau_unit_code: str = setting(
        "520013",
        "州司法局自己作为责任单位的代码；它的讲座要由第二个人审核",
        "单位代码",
        pattern=r"^[0-9A-Za-z]{1,16}$",
    )
    duty_officer_required: Literal["auto", "on", "off"] = setting(
        "auto",
        "没有安排值班员的讲座是否不许开播；auto 是正式名册不许、全是示例单位时不管",
        "auto、on 或 off",
    )
    cut_off_keep_days: int = whole(60, "紧急切断过的讲座，录像至少保留多少天（规定不少于 60 天）", least=60)
    lecturer_id_number: bool = setting(
        False, "报送时是否填写主讲人的身份证号；只在确有依据时打开，加密保存", "true 或 false"
    )
    lecturer_id_days: int = whole(180, "讲座过后多少天删除主讲人的身份证号", most=3650)
    material_file_mib: int = whole(
        100,
        "一个材料文件最大多少 MiB；改大时，nginx 的 site.conf 里 client_max_body_size 也要改大",
        most=4096,
    )
    material_files: int = whole(20, "一期最多多少个材料文件", most=500)
    material_unpacked_mib: int = whole(
        600, "材料里的压缩格式（pptx、docx、ofd 等）解开后最多多少 MiB，防压缩炸弹", most=10_240
    )
    material_entries: int = whole(5000, "材料里的压缩格式最多包含多少个文件，防压缩炸弹", most=65_000)
    material_megapixels: int = whole(60, "材料里的图片最大多少百万像素", most=1000)

    # reminders and 普法提示
    reminder_from_hour: int = whole(8, "每天几点起可以发提醒（北京时间）", least=0, most=23)
    reminder_until_hour: int = whole(21, "每天几点以后不再发提醒（北京时间）；夜里和休息日不打扰人", most=24)
    reminder_ahead_days: int = whole(3, "报送截止前几个工作日再提醒一次", most=60)
    reminder_tries: int = whole(8, "一条提醒在一种渠道上最多发几次，都没发出去就请人工转发", most=50)
    reminder_first_pause_minutes: int = whole(
        2, "没发出去时，第一次隔多少分钟再发；以后每次间隔翻四倍", most=1440
    )
    reminder_longest_pause_hours: int = whole(12, "没发出去时，两次之间最多隔多少小时", most=240)
    message_timeout_seconds: int = whole(10, "发一条消息最多等对方多少秒", most=120)
    robot: Literal["none", "wecom", "dingtalk"] = setting(
        "none", "工作群里的机器人：不用、企业微信、钉钉", "none、wecom 或 dingtalk"
    )
    robot_url: str | None = setting(
        None,
        "群机器人的 Webhook 地址，里面带着它的密钥",
        "http:// 或 https:// 开头的地址",
        secret=True,
        pattern=r"^https?://[^\s/]+/\S+$",
    )
    robot_secret: str | None = setting(None, "钉钉机器人“加签”的密钥", "SEC 开头的文字", secret=True)
    smtp_host: str | None = setting(None, "发邮件的服务器；不设就不发邮件", "主机名或 IP 地址")
    smtp_port: int = whole(465, "发邮件的服务器的端口", most=65535)
    smtp_security: Literal["tls", "starttls", "none"] = setting(
        "tls", "连接邮件服务器时怎样加密；none 只用于本机或内网", "tls、starttls 或 none"
    )
    smtp_user: str | None = setting(None, "邮件服务器的账号；不设就不登录", "文字")
    smtp_password: str | None = setting(None, "邮件服务器的口令", "文字", secret=True)
    smtp_from: str | None = setting(None, "发件人的邮箱", "邮箱地址", pattern=r"^[^@\s<>]+@[^@\s<>]+$")
    sms: Literal["none", "console", "http"] = setting(
        "none", "短信：不发、只写到控制台（开发时用）、经短信网关发", "none、console 或 http"
    )
    sms_url: str | None = setting(
        None,
        "短信网关的接口地址，用 POST 提交 JSON；里面可能带着密钥",
        "http:// 或 https:// 开头的地址",
        secret=True,
        pattern=r"^https?://[^\s/]+(/\S*)?$",
    )
    sms_body: str = setting(
        '{"mobile": "{mobile}", "text": "{text}"}',
        "提交给短信网关的 JSON，字段名照网关的说明写；{mobile} 处填手机号，{text} 处填短信内容",
        "JSON，其中有 {mobile} 和 {text}",
        max_length=4000,
    )
    sms_header: str = setting(
        "Authorization",
        "短信网关的密钥放在哪一个请求头里",
        "请求头的名称",
        pattern=r"^[A-Za-z][A-Za-z0-9-]{0,60}$",
    )
    sms_secret: str | None = setting(
        None,
        "上面那个请求头的值，例如 Bearer 加空格再加密钥；不设就不带这个请求头",
        "一行英文字符",
        secret=True,
        pattern=r"^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$",
    )
    sms_success: str = setting(
        "",
        "短信网关的回答里，哪一项是什么才算收下；不设时，HTTP 状态为 2xx 就算收下",
        "code=0 或 data.status=OK 这样的写法",
        max_length=200,
    )
    sms_longest: int = whole(500, "一条短信最多多少个字，超过就截断", least=20, most=1000)
    prompt_late_days: int = whole(5, "报送逾期几个工作日起，才可以起草普法提示", most=60)
    prompt_feedback_days: int = whole(10, "普法提示要求单位在几个工作日内反馈", most=60)
    prompt_to_counties: bool = setting(
        True,
        "是否可以向县（市）发普法提示；法治宣传教育法第五十七条写的是“同级”部门、单位，请州局法制机构确认",
        "true 或 false",
    )
    prompt_issuer: str = setting(
        "黔南州司法局", "普法提示的发文机关，用作红头和落款", "文字", min_length=2, max_length=40
    )
    prompt_number_word: str = setting(
        "黔南司普提",
        "普法提示发文字号的机关代字，例如 黔南司普提〔2027〕1号",
        "文字",
        min_length=1,
        max_length=20,
    )

    # the public calendar
    calendar_feed_past_days: int = whole(400, "日历订阅里保留多少天以前的讲座", most=3660)
    calendar_feed_refresh_minutes: int = whole(60, "建议订阅者的日历多少分钟更新一次", least=5, most=1440)
