"""Downloading a file from an http(s) address, resuming what was begun.

Network errors and "try later" answers are retried with growing pauses, or as late as the server asks; each attempt goes
on where the last one stopped if the server can, and one that came far does not count: a large file comes over a poor
line, too. One that hardly sends anything is left. The partial file stays when all attempts fail or the fetch is
cancelled, for the next time. What may differ from one time to the next is never put together from two. An address may
lead to others of http and https, and nowhere else; one of https only to https, so that what was asked for over a line
that nobody can change does not come over one that anybody can.
"""

from __future__ import annotations

import http.client
import ssl
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any, NamedTuple

from nodeflow.models.watch import Watch
from nodeflow.sizes import size_text

ATTEMPTS = 4
FIRST_PAUSE = 0.5
TIMEOUT = 30.0
LONGEST_PAUSE = 60.0
"""As long as a server's "Retry-After" is waited for at most."""
FAR = 1 << 20
"""Bytes by which an attempt must get farther than any before to be none of those that failed."""
SLOWEST, SLOW_SECONDS = 1 << 14, 60.0
"""A server that sends fewer bytes than that in so long is taken to have stopped."""

_CHUNK = 1 << 18
_TRY_AGAIN = frozenset((408, 425, 429, 500, 502, 503, 504))


class DownloadFailed(Exception):
    """The address gave no file. The message says why, in one line."""


class Sized(NamedTuple):
    """How long a file is: exactly so many bytes, where its content is known, or at most."""

    size: int
    exact: bool = True


def download(url: str, partial: Path, length: Sized, what: str, watch: Watch) -> None:
    """Download `url` to `partial`. Raises DownloadFailed, Cancelled, OSError (disk)."""
    pause, failed, farthest = FIRST_PAUSE, 0, _there(partial)
    while True:
        try:
            _attempt(url, partial, length, f"{what} ({size_text(length.size)})", watch)
            return
        except (urllib.error.URLError, http.client.HTTPException, TimeoutError, ConnectionError, ssl.SSLError) as error:
            why = getattr(error, "reason", None) or error
            lasting = isinstance(error, urllib.error.HTTPError) and error.code not in _TRY_AGAIN
            if (came := _there(partial)) >= farthest + FAR:
                pause, failed, farthest = FIRST_PAUSE, 0, came
            failed += 1
            if lasting or failed == ATTEMPTS:
                code = f"HTTP {error.code} " if isinstance(error, urllib.error.HTTPError) else ""
                raise DownloadFailed(f"{code}{why}") from error
            watch.say(f"{what}: {why}; trying again")
            watch.wait(max(pause, _asked_for(error)))
            pause *= 2


def _there(partial: Path) -> int:
    return partial.stat().st_size if partial.exists() else 0


def _attempt(url: str, partial: Path, length: Sized, text: str, watch: Watch) -> None:
    begun = _there(partial) if length.exact else 0
    if begun >= length.size:
        begun = 0
    request = urllib.request.Request(url, headers={"Range": f"bytes={begun}-"} if begun else {})
    # A new opener asks the environment for proxies now; urllib's own asks once in the life of a process.
    with urllib.request.build_opener(_WebOnly).open(request, timeout=TIMEOUT) as answer:
        resumes = answer.status == 206
        if resumes and not (answer.headers.get("Content-Range") or "").startswith(f"bytes {begun}-"):
            partial.unlink(missing_ok=True)
            raise ConnectionError("the server goes on at another place than it was asked to")
        done = begun if resumes else 0
        if not length.exact:
            length = _announced(answer.headers.get("Content-Length"), length)
        with partial.open("ab" if resumes else "wb") as out:
            since, at = watch.now(), done
            while chunk := answer.read1(_CHUNK):  # what is there, so that a cancel need not wait for more
                done += len(chunk)
                if done > length.size:
                    raise DownloadFailed(f"sends more than the {length.size} bytes it should")
                out.write(chunk)
                watch.say(text, done / length.size)
                if (now := watch.now()) - since > SLOW_SECONDS:
                    if done - at < SLOWEST:
                        raise ConnectionError(f"only {done - at} bytes came in {SLOW_SECONDS:.0f} seconds")
                    since, at = now, done
    if length.exact and done < length.size:
        raise ConnectionError(f"the connection ended after {done} of {length.size} bytes")


class _WebOnly(urllib.request.HTTPRedirectHandler):
    """urllib would also follow an address to ftp, and from https to http."""

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        if not newurl.lower().startswith(("http://", "https://")):
            raise DownloadFailed(f"leads to {newurl[:100]!r}, which is no address of the web; refused")
        if req.type == "https" and not newurl.lower().startswith("https://"):
            raise DownloadFailed(f"leads from https to {newurl[:100]!r}, where others could change the file; refused")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _asked_for(error: Exception) -> float:
    """Seconds that a server asks to be left alone for."""
    said = error.headers.get("Retry-After") if isinstance(error, urllib.error.HTTPError) else None
    return min(float(said), LONGEST_PAUSE) if said is not None and said.isdigit() else 0.0


def _announced(said: str | None, length: Sized) -> Sized:
    """How long a file of unknown length is, if the server tells."""
    if said is None or not said.isdigit():
        return length
    if int(said) > length.size:
        raise DownloadFailed(f"has {said} bytes, more than the {length.size} that the card allows")
    return Sized(int(said))
