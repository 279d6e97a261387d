"""What is sent and answered, by example, for the API's document. Nothing here is a secret of anybody."""

from typing import Any

from pydantic import BaseModel

from eventbooker.http import answers, schemas
from eventbooker.http.problems import PROBLEMS

EVENT = {
    "id": 1,
    "name": "Go Conference",
    "date": "2030-03-01T18:00:00+01:00",
    "total_seats": 50,
    "available_seats": 49,
    "booking_ttl_minutes": 10,
    "created_at": "2030-01-01T12:00:00+00:00",
    "canceled_at": None,
    "description": "Talks and a dinner",
    "place": "Town hall",
    "timezone": "Europe/Berlin",
    "opens_at": None,
    "closes_at": None,
    "max_seats_per_booking": 1,
    "published": True,
    "version": 1,
    "no_show_minutes": None,
}
BOOKING = {
    "id": 7,
    "event_id": 1,
    "user_id": 3,
    "status": "pending",
    "created_at": "2030-02-01T12:00:00+00:00",
    "expires_at": "2030-02-01T12:10:00+00:00",
    "confirmed_at": None,
    "canceled_at": None,
    "cancel_reason": None,
    "seats": 1,
    "code": "7-4F0C2A-9B7E31D",
    "checked_in_at": None,
    "checked_in_by": None,
}
MANAGED_EVENT = {"held_seats": 3, "confirmed_seats": 8, "waiting": 0, **EVENT, "available_seats": 39}
USER = {
    "id": 3,
    "email": "user@example.org",
    "name": "User",
    "telegram_id": None,
    "role": "user",
    "created_at": "2030-01-01T12:00:00+00:00",
}
ENTRY = {
    "id": 9,
    "event_id": 1,
    "user_id": 3,
    "seats": 1,
    "status": "waiting",
    "position": 2,
    "booking_id": None,
    "created_at": "2030-02-01T12:00:00+00:00",
}
COUNTS = {"booked": 12, "confirmed": 9, "lapsed": 2, "canceled": 1, "waited": 0}
OF_EVENT = {
    "event_name": EVENT["name"],
    "event_date": EVENT["date"],
    "event_timezone": EVENT["timezone"],
    "event_place": EVENT["place"],
}
CHECKED_IN = {"checked_in_at": "2030-03-01T16:45:00+00:00", "checked_in_by": "Main door"}
OF_USER = {"user_email": USER["email"], "user_name": USER["name"]}
NOTIFICATION = {
    "id": 11,
    "user_id": 3,
    "booking_id": 7,
    "event_id": None,
    "channel": "telegram",
    "kind": "booking_confirmed",
    "state": "failed",
    "attempts": 3,
    "last_error": "Forbidden: bot was blocked by the user",
    "created_at": "2030-02-01T12:00:00+00:00",
    "due_at": "2030-02-01T12:01:00+00:00",
}

API_TOKEN = {
    "id": 13,
    "label": "the box office's program",
    "scope": "read",
    "event_id": None,
    "event_name": None,
    "user_id": 3,
    "user_email": USER["email"],
    "created_at": "2030-02-01T12:00:00+00:00",
    "last_used_at": None,
    "expires_at": "2030-03-03T12:00:00+00:00",
}

EXAMPLES: dict[type[BaseModel], dict[str, Any]] = {
    schemas.NewEvent: {
        "name": "Go Conference",
        "date": "2030-03-01T18:00",
        "total_seats": 50,
        "booking_ttl_minutes": 10,
    },
    schemas.EventChange: {"total_seats": 60},
    schemas.EventCopies: {"dates": ["2030-03-08T18:00", "2030-03-15T18:00"]},
    schemas.EventCancellation: {"reason": "the speaker is ill"},
    schemas.NewBooking: {"email": "guest@example.org", "name": "Guest"},
    schemas.NewUser: {"email": "user@example.org", "name": "User"},
    schemas.NewAccount: {"email": "user@example.org", "name": "User", "password": "correct horse battery"},
    schemas.SignIn: {"email": "user@example.org", "password": "correct horse battery"},
    schemas.BookingChange: {"seats": 2},
    schemas.PasswordChange: {"old_password": "correct horse battery", "password": "staple horse battery"},
    schemas.PasswordResetRequest: {"email": "user@example.org"},
    schemas.NewPassword: {"password": "staple horse battery"},
    schemas.NotificationSettings: {"channel": "auto", "language": "en"},
    answers.Event: EVENT,
    answers.ManagedEvents: {"total": 1, "events": [MANAGED_EVENT]},
    answers.WatchedEvent: {**MANAGED_EVENT, "newest_booking_id": 7, "problems": 0},
    answers.Figures: {
        "event_id": 1,
        "timezone": "Europe/Berlin",
        "bucket": "hour",
        "totals": COUNTS,
        "buckets": [{"starts_at": "2030-02-01T13:00:00+01:00", **COUNTS}],
    },
    answers.Import: {"lines": [{"line": 2, "errors": [], "event": EVENT}]},
    answers.Booking: BOOKING,
    schemas.Reason: {"reason": "paid at the desk"},
    answers.BookingHistoryEntry: {
        "id": 21,
        "booking_id": 7,
        "changed_at": "2030-02-01T12:05:00+00:00",
        "from_status": "pending",
        "to_status": "confirmed",
        "reason": "paid at the desk",
        "changed_by": "eventbooker_app",
        "seats": 1,
    },
    answers.NewlyMadeBooking: {**BOOKING, "token": "b_…"},
    answers.UserBooking: {**BOOKING, **OF_EVENT},
    answers.EventBooking: {**BOOKING, **OF_USER},
    schemas.NewWaitlistEntry: {"email": "guest@example.org", "name": "Guest", "seats": 1},
    schemas.CheckIn: {"code": "7-4F0C2A-9B7E31D", "event_id": 1, "door": "Main door"},
    answers.BookingAtDoor: {
        **BOOKING,
        "status": "confirmed",
        "confirmed_at": "2030-02-01T12:05:00+00:00",
        **CHECKED_IN,
        "user_name": USER["name"],
    },
    answers.ExpectedBooking: {"id": 7, "seats": 1, **CHECKED_IN, "user_name": USER["name"]},
    answers.Attendance: {"in": 31, "expected": 48, "missing": 17, **OF_EVENT},
    answers.WaitlistEntryWithOffer: {**ENTRY, "booking_token": None},
    answers.NewlyMadeEntry: {**ENTRY, "booking_token": None, "token": "w_…"},
    answers.UserWaitlistEntry: {**ENTRY, **OF_EVENT},
    answers.EventWaitlistEntry: {**ENTRY, **OF_USER},
    answers.User: USER,
    answers.Session: {"auth_mode": "required", "user": USER},
    answers.UserSession: {
        "id": 5,
        "device": "Firefox on Linux",
        "created_at": "2030-02-01T12:00:00+00:00",
        "last_seen_at": "2030-02-01T12:00:00+00:00",
        "expires_at": "2030-03-03T12:00:00+00:00",
        "current": True,
    },
    answers.MailedLink: {"mail": True, "message": "If an account has this email, a link is on its way."},
    answers.ResetLink: {"url": "http://localhost:8080/#reset=…", "expires_at": "2030-02-01T12:15:00+00:00"},
    schemas.NewApiToken: {"scope": "read", "label": API_TOKEN["label"], "expires_in_days": 30},
    answers.ApiToken: API_TOKEN,
    answers.NewlyMadeApiToken: {**API_TOKEN, "token": "t_…"},
    answers.CurrentNotificationSettings: {
        "channel": "auto",
        "language": "en",
        "mail_available": True,
        "mail_error": None,
    },
    answers.CalendarAddress: {"url": "http://localhost:8080/users/3/bookings.ics?token=c_…"},
    answers.TelegramStatus: {"available": True, "linked": False, "error": None},
    answers.TelegramLink: {"url": "https://t.me/SomeBot?start=…", "expires_at": "2030-02-01T12:15:00+00:00"},
    answers.Notification: NOTIFICATION,
    answers.EventNotification: {**NOTIFICATION, **OF_USER},
    answers.Notifications: {
        "enabled": True,
        "bot": "SomeBot",
        "mail": True,
        "waiting": 0,
        "sent": 120,
        "failed": 1,
        "oldest_waiting_at": None,
        "problems": [NOTIFICATION],
    },
    answers.Health: {"status": "ok"},
}


CSV_FILE = "name,date,total_seats,timezone\nGo Conference,2030-03-01T18:00,50,Europe/Berlin\n"
ICAL_FILE = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//example.org//EN
BEGIN:VEVENT
UID:1@example.org
DTSTAMP:20300101T000000Z
DTSTART;TZID=Europe/Berlin:20300301T180000
SUMMARY:Go Conference
X-EVENTBOOKER-SEATS:50
END:VEVENT
END:VCALENDAR
"""


def example_of_problem(code: str) -> dict[str, Any]:
    """A problem body with this code."""
    status, title = PROBLEMS[code]
    problem: dict[str, Any] = {
        "type": f"urn:eventbooker:{code}",
        "title": title,
        "status": status,
        "code": code,
        "detail": f"{title}.",
    }
    if code == "invalid_import":
        problem["errors"] = [{"line": 2, "field": "date", "message": "must lie between the years 1970 and 9998"}]
    if code == "invalid_request":
        problem["errors"] = [{"field": "email", "message": "must look like name@example.org"}]
    return problem
