"""The page a signer sees, zh-CN first and English under it."""

from datetime import datetime
from html import escape
from typing import Final

from vendor_contract.callback import rfc3339

PAGE_HEADERS: Final = {
    # The address is a credential: no copy in a cache, none in a Referer.
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    # No script at all, nothing loaded from elsewhere, and no framing of a page with a "sign" button on it.
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
}

_STYLE: Final = """
body { font: 16px/1.6 system-ui, "PingFang SC", "Microsoft YaHei", sans-serif; color: #1d2433;
  background: #f5f6f8; max-width: 48rem; margin: 2rem auto; padding: 0 1rem }
iframe { width: 100%; height: 60vh; border: 1px solid #c9ced8; border-radius: 6px; background: #fff }
form { margin: 1rem 0 }
label, small { display: block }
small { color: #5b6475 }
textarea { width: 100%; box-sizing: border-box; font: inherit }
button { font: inherit; padding: .5rem 1.5rem; border: 0; border-radius: 6px; background: #1f5eff;
  color: #fff }
button.decline { background: #fff; color: #a3231f; border: 1px solid #a3231f }
"""

_FORMS: Final = """
<form method="post"><button name="action" value="sign">同意并签署 / Sign</button></form>
<form method="post">
<label for="reason">拒签原因(选填)<small>Reason for declining (optional)</small></label>
<textarea id="reason" name="reason" rows="2" maxlength="500"></textarea>
<button class="decline" name="action" value="decline">拒绝签署 / Decline</button>
</form>
"""

_CLOSED: Final = {
    "completed": "已签署<small>Signed</small>",
    "declined": "已拒签<small>Declined</small>",
    "expired": "签署期限已过<small>The time to sign is over</small>",
    "voided": "已撤回<small>Withdrawn by the sender</small>",
}


def signing_page(
    *, title: str, document_html: str, signer_name: str, status: str, sign_before: datetime, now: datetime
) -> str:
    """The whole page. `document_html` is a stranger's: its frame may run nothing and reach nothing."""
    state = "expired" if status == "sent" and now >= sign_before else status
    action = _FORMS if state == "sent" else f'<p role="status"><strong>{_CLOSED[state]}</strong></p>'
    return f"""<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{escape(title)}</title>
<style>{_STYLE}</style>
</head>
<body>
<h1>{escape(title)}</h1>
<p>{escape(signer_name)},请阅读以下文件,并在 {rfc3339(sign_before)} 前签署。
<small lang="en">Please read the document below and sign before {rfc3339(sign_before)}.
This is a sandbox: a signature here binds nobody.</small></p>
<iframe sandbox="" title="{escape(title)}" srcdoc="{escape(document_html)}"></iframe>
{action}
</body>
</html>
"""
