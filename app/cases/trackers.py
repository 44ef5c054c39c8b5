"""Which pixels and replay scripts run on the websites that hold the chat. A site and a kind, never
a visitor (S5): the alarm of the host page, kept once, for leads to see and the site to mend.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from app.cases import notices
from app.cases.tables import trackers
from app.db import Work
from app.definition.model import Service, Site

KINDS = {
    "facebook": "Facebook pixel",
    "google": "Google Analytics or Tag Manager",
    "hotjar": "Hotjar",
    "clarity": "Microsoft Clarity",
    "fullstory": "FullStory",
    "mouseflow": "Mouseflow",
    "tiktok": "TikTok pixel",
    "linkedin": "LinkedIn Insight",
    "logrocket": "LogRocket",
    "smartlook": "Smartlook",
    "snapchat": "Snapchat pixel",
    "twitter": "X pixel",
    "matomo": "Matomo",
    "microsoft": "Microsoft advertising",
    "heap": "Heap",
    "inspectlet": "Inspectlet",
    "contentsquare": "Contentsquare",
}
"""What the loader knows to look for, and what a lead reads of it."""
FORGOTTEN = timedelta(days=30)
"""Not seen for this long: it was taken away, and is told again if it comes back."""


@dataclass(frozen=True)
class Tracker:
    site: str
    kind: str
    words: str
    first_at: datetime
    last_at: datetime


def seen(work: Work, service: Service, site: Site, kind: str) -> bool:
    """A page of this site said that one runs there. True when leads are told anew."""
    assert kind in KINDS
    values = {"service": service.key, "first_at": work.now, "last_at": work.now}
    new = work.insert_once(trackers, site=site.key, kind=kind, **values)
    here = (trackers.c.site == site.key, trackers.c.kind == kind)
    if not new:
        back = work.run(
            trackers.update()
            .where(*here, trackers.c.last_at < work.now - FORGOTTEN)
            .values(**values)
        )
        new = back.rowcount == 1
    if new:
        notices.tell(work, None, service.key, service.central.key, notices.Kind.TRACKER)
    else:
        work.run(trackers.update().where(*here).values(last_at=work.now))
    return new


def running(work: Work, service: str) -> list[Tracker]:
    """Those seen within FORGOTTEN on the sites of this service, the latest first."""
    rows = work.run(
        sa.select(trackers)
        .where(trackers.c.service == service, trackers.c.last_at >= work.now - FORGOTTEN)
        .order_by(trackers.c.last_at.desc(), trackers.c.site, trackers.c.kind)
    )
    return [Tracker(row.site, row.kind, KINDS[row.kind], row.first_at, row.last_at) for row in rows]
