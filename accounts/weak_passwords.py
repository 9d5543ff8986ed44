"""Passwords that are guessed first: known words, runs of the keyboard, years, and little else beside them. Pure."""

import re

WORDS = (
    "password", "passwd", "passw0rd", "p@ssw0rd", "p@ssword", "admin", "administrator", "root", "guest", "user",
    "test", "demo", "login", "welcome", "letmein", "master", "secret", "system", "server", "default", "manager",
    "iloveyou", "woaini", "woaini1314", "aini", "5201314", "1314520", "520", "1314", "zhongguo", "china", "guizhou",
    "qiannan", "duyun", "sifaju", "sifa", "fazhi", "pufa", "weiketang", "fzwkt", "monkey", "dragon", "sunshine",
    "princess", "football", "baseball", "superman", "batman", "shadow", "michael", "hello", "hunter", "computer",
    "internet", "windows", "microsoft", "huawei", "xiaomi", "wechat", "weixin", "qq", "taobao", "alibaba", "baidu",
    "abc", "qwe", "asd", "zxc", "aaa", "a1b2c3", "q1w2e3", "1q2w3e", "1qaz2wsx", "1qaz", "2wsx", "qazwsx", "zaq1",
    "密码", "口令", "管理员", "司法局", "黔南", "法治", "微课堂",
)  # fmt: skip
RUNS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "!@#$%^&*()",
)
SHORTEST_RUN = 3
YEAR = re.compile(r"(19|20)\d{2}")
SAME = re.compile(r"(.)\1{2,}")
LEFT = 5
"""So many letters must be left when all that is guessed first is taken away."""
LEET = str.maketrans("@0$3", "aose")


def is_weak(password: str, username: str = "") -> bool:
    """Whether little is left of a password without the words, runs, years and repetitions everybody tries."""
    rest = SAME.sub("", password.lower())
    words = [*WORDS, *([username.lower()] if len(username) >= 3 else [])]
    for word in sorted(words, key=len, reverse=True):
        rest = rest.replace(word, "")
        if word.isalpha() and (place := rest.translate(LEET).find(word)) >= 0:
            rest = rest[:place] + rest[place + len(word) :]
    rest = YEAR.sub("", _without_runs(rest))
    return len([letter for letter in rest if letter.isalnum()]) < LEFT


def _without_runs(text: str) -> str:
    """Runs of the alphabet or the keyboard, either way, taken out, the longest first."""
    for line in (*RUNS, *(run[::-1] for run in RUNS)):
        for length in range(len(line), SHORTEST_RUN - 1, -1):
            for start in range(len(line) - length + 1):
                text = text.replace(line[start : start + length], "")
    return text
