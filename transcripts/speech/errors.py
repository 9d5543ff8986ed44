"""What goes wrong between a sound and its words."""

from core.errors import DomainError


class NoModel(DomainError):
    """还没有语音模型。请管理员运行 weiketang models install 装一个。"""


class BrokenModel(DomainError):
    """语音模型的文件不完整或已损坏。请运行 weiketang models verify 检查，再重新安装。"""


class EngineFailed(DomainError):
    """语音识别没有成功，请看日志。"""


class NoAudio(DomainError):
    """这个文件里没有声音轨道。"""


class UnreadableMedia(DomainError):
    """打不开这个文件：不是音视频文件，或者文件不完整。"""


class HubFailed(DomainError):
    """模型没有下载成功，请过一会儿再试。"""


class NoRoom(DomainError):
    """磁盘空间不够，请腾出空间再试。"""
