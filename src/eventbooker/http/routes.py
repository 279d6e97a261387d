"""All routes of the service, one row each: the page to read to learn the API.

A new route is a SQL function, a view of a few lines and a row here. From the row come the Flask rule, who may call it,
what reaches the view (`body` and `query`, parsed) and what /openapi.json says of it. `Route` in route.py explains the
fields; `problems` are only those that its other fields do not imply.
"""

from functools import partial

from eventbooker.http import answers, bookings, events, notifications, pages, schemas, sessions, telegram, users
from eventbooker.http.access import ADMIN, ANYONE, BOOKER, BOOKING_HOLDER, THE_USER
from eventbooker.http.route import Route

HTML = "text/html"


# fmt: off
ROUTES = (
    Route("POST", "/events", events.create, ADMIN, "Create an event",
          body=schemas.NewEvent, status=201, answer=answers.Event, problems=("invalid_event",), idempotent=True),
    Route("GET", "/events", events.list_, ANYONE, "List the events that take place, by date",
          query=schemas.EventsQuery, answer=list[answers.Event], conditional=True, paged=True),
    Route("GET", "/events/<id:event_id>", events.show, ANYONE, "Show an event",
          answer=answers.Event, problems=("event_not_found",), conditional=True),
    Route("PATCH", "/events/<id:event_id>", events.alter, ADMIN,
          "Change an event; who booked is told of a new name, date, place or time zone",
          body=schemas.EventChange, answer=answers.Event, idempotent=True,
          problems=("event_not_found", "precondition_failed", "invalid_event", "oversold", "event_canceled")),
    Route("POST", "/events/<id:event_id>/copies", events.copy, ADMIN, "Create an event again on further dates",
          body=schemas.EventCopies, status=201, answer=list[answers.Event], idempotent=True,
          problems=("event_not_found", "invalid_event")),
    Route("POST", "/events/<id:event_id>/cancel", events.cancel, ADMIN,
          "Cancel an event and all its bookings, and tell those who booked; twice is no error",
          body=schemas.EventCancellation, body_optional=True, answer=answers.Event, idempotent=True,
          problems=("event_not_found", "invalid_reason")),
    Route("POST", "/events/<id:event_id>/book", events.book, BOOKER, "Hold a seat until it is confirmed or lapses",
          body=schemas.NewBooking, status=201, answer=answers.NewlyMadeBooking, idempotent=True, limit="booking",
          problems=("event_not_found", "invalid_user", "too_many_seats", "sold_out", "already_booked",
                    "booking_closed")),
    Route("GET", "/events/<id:event_id>/bookings", events.list_bookings, ADMIN,
          "List an event's bookings, newest first",
          query=schemas.BookingsQuery, answer=list[answers.EventBooking], problems=("event_not_found",)),

    Route("GET", "/bookings/<id:booking_id>", bookings.show, BOOKING_HOLDER, "Show a booking",
          answer=answers.Booking, problems=("booking_not_found",)),
    Route("POST", "/bookings/<id:booking_id>/confirm", bookings.confirm, BOOKING_HOLDER,
          "Confirm a booking; twice is no error",
          answer=answers.Booking, idempotent=True,
          problems=("booking_not_found", "booking_expired", "booking_canceled")),
    Route("PATCH", "/bookings/<id:booking_id>", bookings.alter, BOOKING_HOLDER,
          "Give seats of a booking back, or take more where they are free",
          body=schemas.BookingChange, answer=answers.Booking, idempotent=True,
          problems=("booking_not_found", "too_many_seats", "sold_out", "booking_closed", "booking_expired",
                    "booking_canceled")),
    Route("POST", "/bookings/<id:booking_id>/cancel", bookings.cancel, BOOKING_HOLDER,
          "Cancel a booking; twice is no error",
          answer=answers.Booking, idempotent=True, problems=("booking_not_found",)),

    Route("POST", "/users", users.register, ANYONE, "Register",
          body=schemas.NewUser, status=201, answer=answers.User, personal=True, limit="registration",
          problems=("invalid_user", "email_taken")),
    Route("GET", "/users/<id:user_id>/bookings", users.list_bookings, THE_USER,
          "List a user's bookings, newest first",
          query=schemas.BookingsQuery, answer=list[answers.UserBooking], problems=("user_not_found",), conditional=True,
          paged=True),
    Route("GET", "/users/<id:user_id>/telegram", telegram.show, THE_USER, "Tell whether Telegram reaches a user",
          answer=answers.TelegramStatus, problems=("user_not_found",)),
    Route("POST", "/users/<id:user_id>/telegram-link", telegram.create_link, THE_USER,
          "Make a link that connects the Telegram chat it is opened in, once",
          status=201, answer=answers.TelegramLink, problems=("user_not_found", "telegram_off", "email_unproven")),
    Route("DELETE", "/users/<id:user_id>/telegram", telegram.unlink, THE_USER,
          "Disconnect the chat: the user is told nothing any more",
          status=204, problems=("user_not_found", "email_unproven")),

    Route("GET", "/session", sessions.show, ANYONE, "Tell who is signed in",
          answer=answers.Session, personal=True),
    Route("POST", "/session", sessions.sign_in, ANYONE, "Sign in: the answer sets the session's cookie",
          body=schemas.SignIn, status=201, answer=answers.Session, personal=True, limit="sign_in",
          problems=("invalid_user", "wrong_credentials", "too_many_attempts")),
    Route("DELETE", "/session", sessions.sign_out, ANYONE, "Sign out",
          status=204, personal=True),

    Route("GET", "/notifications", notifications.show, ADMIN, "Count the messages to people, list those in trouble",
          answer=answers.Notifications),
    Route("POST", "/notifications/<id:notification_id>/retry", notifications.retry, ADMIN, "Try a message again, now",
          answer=answers.Notification, problems=("notification_not_found", "notification_sent")),

    Route("GET", "/healthz", pages.healthz, ANYONE, "Tell that the process is alive",
          answer=answers.Health),
    Route("GET", "/readyz", pages.readyz, ANYONE, "Tell whether the database answers",
          answer=answers.Health),
    Route("GET", "/", partial(pages.page, "index"), ANYONE, "The page to sign in and to register",
          answer=HTML),
    Route("GET", "/user", partial(pages.page, "user"), ANYONE, "The page to book",
          answer=HTML),
    Route("GET", "/admin", partial(pages.page, "admin"), ANYONE, "The page to create and manage events",
          answer=HTML),
    Route("GET", "/css/<name>", partial(pages.asset, "css"), ANYONE, "Styles and pictures of the pages",
          answer="text/css", problems=("not_found",)),
    Route("GET", "/js/<name>", partial(pages.asset, "js"), ANYONE, "Scripts of the pages",
          answer="text/javascript", problems=("not_found",)),
)
# fmt: on
"""In the order of the API's document."""
