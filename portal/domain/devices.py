"""What a browser calls itself, in plain Chinese: enough to know one's own device again."""

from __future__ import annotations

_SYSTEMS = (
    ("HarmonyOS", "鸿蒙设备"),
    ("iPad", "iPad"),
    ("iPhone", "苹果手机"),
    ("Android", "安卓手机"),
    ("Windows", "Windows 电脑"),
    ("Macintosh", "苹果电脑"),
    ("Linux", "Linux 电脑"),
)
_BROWSERS = (
    ("MicroMessenger", "微信"),
    ("Edg", "Edge 浏览器"),
    ("QQBrowser", "QQ 浏览器"),
    ("360SE", "360 浏览器"),
    ("Firefox", "火狐浏览器"),
    ("Chrome", "Chrome 浏览器"),
    ("Safari", "Safari 浏览器"),
)


def words(user_agent: str) -> str:
    """Return a device's words, such as 安卓手机 · 微信; 其他设备 when nothing is known."""
    parts = [
        next((word for mark, word in table if mark in user_agent), "")
        for table in (_SYSTEMS, _BROWSERS)
    ]
    return " · ".join(part for part in parts if part) or "其他设备"
