"""Why an encoder left, from the words of the log to those of the desk. Pure."""

MEANINGS = (
    ("the encoder ended it", "推流软件停止了直播"),
    ("the encoder hung up", "推流软件关闭了连接"),
    ("cut off", "紧急切断"),
    ("the connection was lost", "网络断开"),
    ("no media for", "太久没有收到画面和声音，系统断开了它"),
    ("taken over by", "被后来连接的推流软件接替"),
    ("lecture ended", "讲座已结束"),
    ("the lecture was ended", "讲座已结束"),
    ("closed: ", "系统断开了它（讲座结束、更换推流码或被接替）"),
    ("the time for reopening is over", "续播时间已过"),
    ("the server stops", "系统停机"),
    ("protocol error", "推流数据有误，系统断开了它"),
)


def meaning(reason: str) -> str:
    """The sentence for a reason as it stands in a row; an unknown one as it is."""
    return next((words for start, words in MEANINGS if reason.startswith(start)), reason)
