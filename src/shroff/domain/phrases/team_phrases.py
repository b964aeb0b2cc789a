"""Words of signing in, people, settings and approvals, in English and Chinese."""

from __future__ import annotations

__all__ = ["PHRASES"]

PHRASES: dict[str, tuple[str, str]] = {
    "approval.waits": (
        "{what} waits for a second person: {id} (shroff people waiting)",
        "{what} 等待他人批准：{id}（shroff people waiting）",
    ),
    "web.sign_in.title": ("Sign in", "登录"),
    "web.sign_in.name": ("Name", "用户名"),
    "web.sign_in.password": ("Password", "密码"),
    "web.sign_in.enter": ("Sign in", "登录"),
    "web.sign_in.elsewhere": ("Sign in with your organisation", "使用所在组织的账号登录"),
    "web.sign_in.failed": ("The name or the password is wrong.", "用户名或密码不正确。"),
    "web.sign_in.wait": (
        "Too many tries failed. Try again in {seconds} s.",
        "失败次数过多，请在 {seconds} 秒后重试。",
    ),
    "web.sign_in.going": ("Signed in. Go on", "已登录，继续"),
}
