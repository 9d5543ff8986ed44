"""The audit log in Chinese: what was done, to what, and how values read. Keys without words are shown as they are."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from core.audit import ActorKind
from core.audit.models import AuditEntry
from core.web.text import zh_date, zh_datetime
from schedules.models.steps import STEP_LABELS
from schedules.models.swap import SWAP_LABELS
from schedules.plan_states import STATE_LABELS
from schedules.prompts.rules import LABELS
from schedules.reminders.queries import WAY_LABELS
from schedules.reminders.rules import KIND_LABELS
from schedules.states import DELIVERY_LABELS, LANGUAGE_LABELS
from transcripts.models.transcript import RECOGNITION_LABELS

GROUPS: Mapping[str, str] = {
    "broadcast": "期次",
    "captions": "实时字幕",
    "rota": "排期",
    "rota_pin": "指定月份",
    "rota_absence": "不能排的时间",
    "rota_quiet": "静默期",
    "calendar": "工作日历",
    "glossary": "词库",
    "law": "法律",
    "subtitle": "字幕",
    "swap": "调换",
    "lecturer_id": "主讲人证件号",
    "reminder": "提醒",
    "prompt": "普法提示",
    "unit": "责任单位",
    "units": "单位名册",
    "user": "账号",
    "link": "一次性链接",
    "token": "接口令牌",
    "audit": "操作日志",
    "audience": "收看统计",
    "definition": "统计口径第",
    "year": "年度",
    "month": "月度",
}

ACTIONS: Mapping[str, str] = {
    **{f"broadcast.{action}": label for action, label in STEP_LABELS.items()},
    "audience.month_sealed": "月度数字定版",
    "audience.group_viewing_reported": "填报集中收看",
    "audience.group_viewing_corrected": "更正集中收看",
    "audience.recounted": "重新计数",
    "audience.exported": "导出收看统计",
    "audience.definition_changed": "改统计口径",
    "audience.earlier_year_entered": "填往年数字",
    "captions.on": "打开实时字幕",
    "captions.off": "关闭实时字幕",
    "captions.stopped": "实时字幕自动关闭",
    "broadcast.created": "新建临时期次",
    "broadcast.changed": "改动期次",
    "broadcast.moved": "改期",
    "broadcast.running_number": "登记第几期",
    "broadcast.end_asked": "结束直播",
    "broadcast.key_rotated": "更换推流码",
    "broadcast.locked": "锁定或解锁",
    "broadcast.renumbered": "换编号（草案）",
    "broadcast.hand_in_saved": "保存报送内容",
    "broadcast.consent": "主讲人授权",
    "broadcast.material_added": "上传材料",
    "broadcast.material_removed": "去掉材料",
    "rota.generated": "生成排期",
    "rota.undone": "撤销上一次生成",
    "rota.pin_added": "指定单位和月份",
    "rota.pin_removed": "取消指定",
    "rota.absence_added": "登记单位不能排的时间",
    "rota.absence_removed": "取消不能排的时间",
    "rota.quiet_added": "设静默期",
    "rota.quiet_removed": "取消静默期",
    "swap.done": "完成调换",
    "swap.closed": "结束调换申请",
    "law.revised": "标记法律已修订",
    "law.revision_taken_back": "撤销法律修订标记",
    "lecturer_id.read": "查看证件号",
    "lecturer_id.held": "保全证件号",
    "lecturer_id.let_go": "解除保全证件号",
    "lecturer_id.erased": "删除证件号",
    "calendar.imported": "导入放假安排",
    "calendar.day_set": "设定某一天",
    "calendar.day_removed": "取消某一天的设定",
    "glossary.added": "词库加词",
    "glossary.removed": "词库删词",
    "subtitle.recognised_again": "再识别一次",
    "subtitle.taken_over": "接手校对",
    "subtitle.edited": "校对字幕（新的版本）",
    "subtitle.restored": "恢复旧版字幕",
    "subtitle.chapter_declined": "不用一处章节建议",
    "subtitle.chapter_wanted_again": "恢复一处章节建议",
    "subtitle.imported": "导入字幕文件",
    "subtitle.tapped": "按讲稿打点",
    "subtitle.corrected": "统一改正用词",
    "subtitle.handed_over": "校对完成",
    "subtitle.published": "发布字幕",
    "subtitle.unpublished": "撤下字幕",
    "subtitle.asked": "请主讲人核对用词",
    "subtitle.answered": "主讲人核对了用词",
    "subtitle.settled": "用词核对已处理",
    "unit.created": "新增单位",
    "unit.changed": "修改单位",
    "unit.renamed": "单位更名",
    "unit.retired": "单位停用",
    "unit.restored": "单位恢复",
    "units.imported": "导入单位名册",
    "user.created": "新建账号",
    "user.changed": "修改账号",
    "user.handed_over": "更换联络员",
    "user.locked": "停用账号",
    "user.unlocked": "启用账号",
    "user.second_factor_on": "开启动态验证码",
    "user.second_factor_off": "关闭动态验证码",
    "user.recovery_code_used": "用恢复码登录",
    "user.recovery_codes_renewed": "更换恢复码",
    "user.password_set": "更换口令",
    "link.issued": "发出一次性链接",
    "link.opened": "打开一次性链接",
    "reminder.delivered": "提醒已送达",
    "reminder.contact_set": "修改提醒的接收人",
    "prompt.drafted": "起草普法提示",
    "prompt.issued": "印发普法提示",
    "prompt.delivered": "送达普法提示",
    "prompt.answered": "反馈普法提示",
    "prompt.withdrawn": "撤回普法提示",
    "token.issued": "签发接口令牌",
    "token.revoked": "作废接口令牌",
    "audit.exported": "导出操作日志",
    "audit.mask_keys_erased": "删除到期的号码比对密钥",
}

KINDS: Mapping[ActorKind, str] = {
    ActorKind.USER: "账号",
    ActorKind.LINK: "一次性链接",
    ActorKind.TOKEN: "接口令牌",
    ActorKind.COMMAND: "命令行",
    ActorKind.SYSTEM: "系统自动",
}

FIELDS: Mapping[str, str] = {
    "title": "标题",
    "visit_seconds": "满多少秒计 1 人次",
    "pause_minutes": "停多少分钟另计",
    "live_minutes": "播出满多少分钟算一次",
    "valid_from": "起用",
    "sessions": "场次",
    "people": "人数",
    "watched_on": "收看日期",
    "live_lectures": "直播普法次数",
    "views": "收看人次",
    "is_at_least": "来源写的是“超过”",
    "unit": "单位",
    "unit_code": "单位代码",
    "unit_name": "单位名称",
    "name": "名称",
    "username": "用户名",
    "display_name": "姓名",
    "role": "角色",
    "start": "开播时间",
    "starts_at": "开播时间",
    "planned_minutes": "计划时长（分钟）",
    "lecturer_name": "主讲人",
    "lecturer_post": "主讲人职务",
    "is_sample": "示例",
    "number": "编号",
    "state": "状态",
    "plan_state": "送审状态",
    "replay_state": "回看状态",
    "reason": "理由",
    "opinion": "意见",
    "version": "版本",
    "key_version": "推流码版次",
    "phone": "电话",
    "id_number": "身份证件号",
    "credit_code": "统一社会信用代码",
    "display_order": "排列顺序",
    "kind": "类别",
    "retired_on": "停用日期",
    "merged_into": "并入单位",
    "since": "从哪天起",
    "until": "到哪天为止",
    "active": "在用",
    "expires_at": "有效期至",
    "owner": "归谁使用",
    "rows": "条数",
    "months": "月份",
    "filters": "筛选条件",
    "who": "操作人",
    "action": "操作",
    "subject": "对象",
    "holder": "交给谁",
    "purpose": "用途",
    "day": "日期",
    "days": "日期",
    "note": "说明",
    "source": "来源",
    "state_before": "之前的送审状态",
    "first_starts_at": "原定时间",
    "announced_at": "公布时间",
    "told_deadlines": "告知单位的期限",
    "running_number": "第几期",
    "duty_officer_id": "值班员",
    "replay_reason": "回看说明",
    "captions": "实时字幕",
    "cut_off_at": "切断时间",
    "cause": "切断原因",
    "delivery": "播出方式",
    "external_url": "外部平台地址",
    "language": "讲授语言",
    "audience": "收看对象",
    "laws": "引用的法律",
    "locked": "锁定",
    "lecturer_phone": "主讲人电话",
    "rule": "排期规则",
    "lectures": "各期",
    "drafts": "原来的草案",
    "stayed": "没有撤销的",
    "restored": "恢复的",
    "liaison": "联络员",
    "answer": "答复",
    "deadline": "期限",
    "way": "发送方式",
    "file": "文件",
    "files": "文件",
    "changed": "改动处数",
    "person": "姓名",
    "mobile": "手机",
    "mail": "邮箱",
    "for": "用于",
    "month": "月份",
    "official": "已公布",
    "year": "年份",
    "approver": "签发人",
    "document_number": "发文字号",
    "issued_on": "印发日期",
    "issued_at": "登记时间",
    "issued_by": "登记人",
    "feedback_until": "反馈期限",
    "hand_in": "报送截止",
    "late_days": "逾期工作日",
    "delivered_on": "送达日期",
    "delivered_how": "送达方式",
    "received_by": "签收人",
    "feedback_by": "反馈人",
    "feedback_at": "反馈时间",
    "withdrawn_by": "撤回人",
    "withdrawn_at": "撤回时间",
    "withdrawn_reason": "撤回理由",
    "editor": "校对的人",
    "wording": "写法",
    "chapter": "章节",
    "handed_over_by": "提交校对完成的人",
    "recognition": "语音识别",
    "draft_version": "草稿版本",
}

VALUES: Mapping[tuple[str, str], str] = {
    ("role", "administrator"): "管理员",
    ("role", "duty"): "值班员",
    ("role", "liaison"): "联络员",
    ("role", "official"): "领导",
    ("role", "auditor"): "审计员",
    ("kind", "department"): "州级部门",
    ("kind", "county"): "县（市）",
    **{("kind", kind.value): label for kind, label in KIND_LABELS.items()},
    **{("way", way): label for way, label in WAY_LABELS.items()},
    **{("delivery", way.value): label for way, label in DELIVERY_LABELS.items()},
    **{("language", language.value): label for language, label in LANGUAGE_LABELS.items()},
    **{("state", state.value): label for state, label in SWAP_LABELS.items()},
    **{("state", state.value): label for state, label in LABELS.items()},
    **{("plan_state", state.value): label for state, label in STATE_LABELS.items()},
    **{("state_before", state.value): label for state, label in STATE_LABELS.items()},
    **{("recognition", state.value): label for state, label in RECOGNITION_LABELS.items()},
    ("replay_state", "public"): "公开",
    ("replay_state", "withheld"): "暂缓",
    ("replay_state", "withdrawn"): "下架",
}
EMPTY = "（空）"
RANDOM_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00", re.ASCII)


@dataclass(frozen=True, slots=True)
class Change:
    label: str
    before: str
    after: str


def action_words(action: str) -> str:
    """`broadcast.moved` → 期次：改期."""
    group, _, _ = action.partition(".")
    return f"{GROUPS.get(group, group)}：{ACTIONS.get(action, action)}"


def subject_words(subject: str) -> str:
    """`broadcast:2026-11-2` → 期次 2026-11-2; of a random id its beginning is enough to tell rows apart."""
    group, separator, rest = subject.partition(":")
    if RANDOM_ID.fullmatch(rest):
        rest = rest[:8]
    return f"{GROUPS.get(group, group)} {rest}" if separator else GROUPS.get(subject, subject)


def changes_of(entry: AuditEntry) -> list[Change]:
    """Field by field; of values that stayed as they were, nothing is said."""
    before, after = _values(entry.before), _values(entry.after)
    names = [*before, *(name for name in after if name not in before)]
    return [
        Change(
            FIELDS.get(name, name), value_words(name, before.get(name)), value_words(name, after.get(name))
        )
        for name in names
        if not (name in before and name in after and before[name] == after[name])
    ]


def value_words(name: str, value: object) -> str:
    """name: the field it stands in."""
    match value:
        case None | "" | []:
            return EMPTY
        case bool():
            return "是" if value else "否"
        case str() if MOMENT.fullmatch(value):
            return zh_datetime(datetime.fromisoformat(value))
        case str() if DAY.fullmatch(value):
            return zh_date(date.fromisoformat(value))
        case list():
            return "、".join(value_words(name, each) for each in value)
        case dict() if value:
            return "；".join(
                f"{FIELDS.get(key, key)}：{value_words(key, each)}" for key, each in value.items()
            )
        case dict():
            return EMPTY
    return VALUES.get((name, str(value)), str(value))


def _values(text: str) -> dict[str, object]:
    """Also of an entry that somebody spoiled: the page that shows it must open."""
    if not text:
        return {}
    try:
        values = json.loads(text)
    except ValueError:
        return {"": text}
    return values if isinstance(values, dict) else {"": values}
